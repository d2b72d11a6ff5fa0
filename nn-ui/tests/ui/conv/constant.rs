//@ torch: 001
//@ mend: WIDE: usize = 8
//@ to: WIDE: usize = 6

use nn::prelude::*;

const WIDE: usize = 8;

network! {
    pub struct LeNet5: [1, 28, 28] -> [16, 20, 20] {
        conv1: Conv2d(1, 6, 5),
        ReLU,
        conv2: Conv2d(WIDE, 16, 5),
    }
}

fn main() {}
