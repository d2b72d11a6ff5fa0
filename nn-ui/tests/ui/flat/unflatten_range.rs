//@ mend: Unflatten(2, (2, 3))
//@ to: Unflatten(1, (2, 3))

use nn::prelude::*;

network! {
    pub struct Net: [6] -> [2, 3] {
        Unflatten(2, (2, 3)),
    }
}

fn main() {}
