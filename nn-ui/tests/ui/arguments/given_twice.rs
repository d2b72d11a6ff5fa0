//@ mend: kernel_size = 3
//@ to: stride = 3

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 8, 8] {
        conv1: Conv2d(1, 6, 5, kernel_size = 3),
        ReLU,
    }
}

fn main() {}
