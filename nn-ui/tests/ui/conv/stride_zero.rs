//@ torch: 007
//@ mend: stride = 0
//@ to: stride = 2

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 3, 3] {
        conv: Conv2d(6, 8, 3, stride = 0),
    }
}

fn main() {}
