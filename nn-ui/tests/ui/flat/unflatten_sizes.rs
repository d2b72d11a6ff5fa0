//@ torch: 074
//@ mend: (2, 4)
//@ to: (2, 3)

use nn::prelude::*;

network! {
    pub struct Net: [6] -> [2, 3] {
        Unflatten(1, (2, 4)),
    }
}

fn main() {}
