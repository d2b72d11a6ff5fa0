//@ torch: 008
//@ mend: dilation = 0
//@ to: dilation = 1

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 6, 6] {
        conv: Conv2d(6, 8, 3, dilation = 0),
    }
}

fn main() {}
