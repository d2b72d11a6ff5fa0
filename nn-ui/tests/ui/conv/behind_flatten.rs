//@ mend: Flatten
//@ to: Identity

use nn::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [6, 24, 24] {
        Flatten,
        conv: Conv2d(1, 6, 5),
    }
}

fn main() {}
