//@ mend: [4, 4]
//@ to: [1, 4, 4]

use nn::prelude::*;

network! {
    pub struct Net: [4, 4] {
        Unfold(3),
    }
}

fn main() {}
