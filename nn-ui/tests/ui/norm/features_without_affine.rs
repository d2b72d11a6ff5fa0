//@ torch: 077
//@ mend: 2d(4
//@ to: 2d(3

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        BatchNorm2d(4, affine = false),
    }
}

fn main() {}
