//@ mend: 2d(8, a
//@ to: 2d(16, a

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        conv: Conv2d(3, 16, 3),
        ReLU,
        norm: InstanceNorm2d(8, affine = true),
    }
}

fn main() {}
