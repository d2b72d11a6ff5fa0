//@ torch: 078
//@ mend: BatchNorm2d
//@ to: BatchNorm1d

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        BatchNorm2d(3),
    }
}

fn main() {}
