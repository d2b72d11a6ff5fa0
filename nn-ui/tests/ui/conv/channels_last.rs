//@ torch: 001
//@ mend: [28, 28, 3]
//@ to: [3, 28, 28]

use nn::prelude::*;

network! {
    pub struct Camera: [28, 28, 3] -> [16, 26, 26] {
        conv: Conv2d(3, 16, 3),
    }
}

fn main() {}
