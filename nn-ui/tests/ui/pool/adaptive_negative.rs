//@ torch: 052
//@ mend: -1
//@ to: 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AdaptiveAvgPool2d((-1, 2)),
    }
}

fn main() {}
