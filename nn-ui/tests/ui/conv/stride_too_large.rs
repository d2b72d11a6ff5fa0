//@ mend: stride = 1 << 40
//@ to: stride = 1 << 4

use nn::prelude::*;

network! {
    pub struct Net: [1, 28, 28] {
        conv: Conv2d(1, 6, 5, stride = 1 << 40),
    }
}

fn main() {}
