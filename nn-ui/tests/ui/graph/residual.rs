//@ torch: 155
//@ mend: Conv2d(64, 128, 3
//@ to: Conv2d(64, 64, 3

use nn::prelude::*;

network! {
    pub struct Residual: [64, 56, 56] -> [64, 56, 56] {
        conv1: Conv2d(64, 64, 3, padding = 1),
        conv2: Conv2d(64, 128, 3, padding = 1),
    }
    forward(x) {
        let h = relu(conv1(x));
        relu(x + conv2(h))
    }
}

fn main() {}
