//@ torch: 054
//@ mend: -3
//@ to: 3

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AdaptiveMaxPool2d((2, -3)),
    }
}

fn main() {}
