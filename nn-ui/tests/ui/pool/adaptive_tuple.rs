//@ torch: 051
//@ mend: (1, 2, 3)
//@ to: (2, 3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AdaptiveAvgPool2d((1, 2, 3)),
    }
}

fn main() {}
