//@ torch: 053
//@ mend: 2d(2)
//@ to: 1d(2)

use nn::prelude::*;

network! {
    pub struct Net: [7, 7] {
        AdaptiveAvgPool2d(2),
    }
}

fn main() {}
