//@ torch: 012
//@ mend: stride = (1, 2)
//@ to: stride = (1, 1)

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 8, 8] {
        conv: Conv2d(6, 8, 3, stride = (1, 2), padding = "same"),
    }
}

fn main() {}
