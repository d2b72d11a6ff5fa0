//@ mend: Conv2d(1, 0, 5)
//@ to: Conv2d(1, 6, 5)

use nn::prelude::*;

network! {
    pub struct Net: [1, 28, 28] {
        conv: Conv2d(1, 0, 5),
    }
}

fn main() {}
