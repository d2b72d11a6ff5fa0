//@ mend: -> [16 * 20 * 20]
//@ to: -> [16, 20, 20]

use nn::prelude::*;

network! {
    pub struct Net: [6, 24, 24] -> [16 * 20 * 20] {
        conv: Conv2d(6, 16, 5),
        ReLU,
    }
}

fn main() {}
