//@ torch: 010
//@ mend: Conv2d(6, 16, 0)
//@ to: Conv2d(6, 16, 1)

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [16, 8, 8] {
        conv: Conv2d(6, 16, 0),
    }
}

fn main() {}
