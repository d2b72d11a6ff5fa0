//@ torch: 009
//@ mend: (1, -1)
//@ to: (1, 1)

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 8, 8] {
        conv: Conv2d(6, 8, 3, padding = (1, -1)),
    }
}

fn main() {}
