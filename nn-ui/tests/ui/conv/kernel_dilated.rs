//@ torch: 003
//@ mend: dilation = 4
//@ to: dilation = 3

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [16, 2, 2] {
        conv: Conv2d(6, 16, 3, dilation = 4),
    }
}

fn main() {}
