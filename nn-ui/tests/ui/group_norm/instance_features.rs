//@ torch: 085
//@ mend: 2d(4
//@ to: 2d(3

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        InstanceNorm2d(4, affine = true),
    }
}

fn main() {}
