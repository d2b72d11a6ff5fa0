//@ mend: eps = 0.0
//@ to: eps = 1e-3

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] -> [3, 7, 7] {
        bn: BatchNorm2d(3, eps = 0.0),
    }
}

fn main() {}
