//@ mend: Conv2d(3, 10, 3)
//@ to: Conv2d(3, 18, 3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        conv: Conv2d(3, 10, 3),
        PixelShuffle(3),
    }
}

fn main() {}
