//@ mend: stride = true
//@ to: stride = 1

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 24, 24] {
        conv1: Conv2d(1, 6, 5, stride = true),
        ReLU,
    }
}

fn main() {}
