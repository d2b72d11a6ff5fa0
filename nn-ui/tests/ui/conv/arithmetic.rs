//@ torch: 001
//@ mend: 2 * 4 + width(1)
//@ to: 2 * 2 + width(1)

use nn::prelude::*;

const fn width(level: usize) -> usize {
    level << 1
}

network! {
    pub struct LeNet5: [1, 28, 28] -> [16, 20, 20] {
        conv1: Conv2d(1, 6, 5),
        ReLU,
        conv2: Conv2d(2 * 4 + width(1), 16, 5),
    }
}

fn main() {}
