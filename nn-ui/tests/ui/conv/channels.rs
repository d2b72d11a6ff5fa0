//@ torch: 001
//@ mend: Conv2d(8, 16, 5)
//@ to: Conv2d(6, 16, 5)

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [16, 20, 20] {
        conv1: Conv2d(1, 6, 5),
        ReLU,
        conv2: Conv2d(8, 16, 5),
    }
}

fn main() {}
