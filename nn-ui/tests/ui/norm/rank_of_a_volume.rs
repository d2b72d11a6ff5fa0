//@ torch: 080
//@ mend: BatchNorm3d
//@ to: BatchNorm2d

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        BatchNorm3d(3),
    }
}

fn main() {}
