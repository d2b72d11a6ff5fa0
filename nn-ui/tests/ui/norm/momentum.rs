//@ mend: momentum = 1.5
//@ to: momentum = 0.5

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] -> [3, 7, 7] {
        bn: BatchNorm2d(3, momentum = 1.5),
    }
}

fn main() {}
