//@ torch: 079
//@ mend: BatchNorm1d
//@ to: BatchNorm2d

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        BatchNorm1d(3),
    }
}

fn main() {}
