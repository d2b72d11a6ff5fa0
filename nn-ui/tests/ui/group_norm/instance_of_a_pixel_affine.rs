//@ torch: 084
//@ mend: InstanceNorm2d(3, affine
//@ to: BatchNorm2d(3, affine

use nn::prelude::*;

network! {
    pub struct Net: [3, 1, 1] {
        norm: InstanceNorm2d(3, affine = true),
    }
}

fn main() {}
