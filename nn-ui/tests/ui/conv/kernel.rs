//@ torch: 002
//@ mend: Conv2d(6, 16, 9)
//@ to: Conv2d(6, 16, 8)

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] {
        conv: Conv2d(6, 16, 9),
        ReLU,
    }
}

fn main() {}
