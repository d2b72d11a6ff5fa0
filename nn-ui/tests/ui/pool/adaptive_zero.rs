//@ torch: 169a
//@ mend: (0, 2)
//@ to: (1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AdaptiveAvgPool2d((0, 2)),
    }
}

fn main() {}
