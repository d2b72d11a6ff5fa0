//@ torch: 005
//@ mend: Conv2d(6, 16, 3
//@ to: Conv2d(6, 18, 3

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] {
        conv: Conv2d(6, 16, 3, groups = 6),
    }
}

fn main() {}
