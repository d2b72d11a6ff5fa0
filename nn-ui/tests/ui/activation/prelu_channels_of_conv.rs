//@ mend: PReLU(3)
//@ to: PReLU(8)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        conv: Conv2d(3, 8, 3),
        act: PReLU(3),
    }
}

fn main() {}
