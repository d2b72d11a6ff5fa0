//@ torch: 070
//@ mend: BatchNorm2d(5)
//@ to: BatchNorm2d(4)

use nn::prelude::*;

network! {
    pub struct Block: [3, 8, 8] -> [4, 8, 8] {
        conv: Conv2d(3, 4, 3, padding = 1),
        bn: BatchNorm2d(5),
        ReLU,
    }
}

fn main() {}
