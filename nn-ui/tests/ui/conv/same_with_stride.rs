//@ torch: 011
//@ mend: stride = 2
//@ to: stride = 1

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 8, 8] {
        conv: Conv2d(6, 8, 3, stride = 2, padding = "same"),
    }
}

fn main() {}
