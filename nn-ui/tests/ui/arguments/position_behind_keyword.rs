//@ mend: padding = 2, 1
//@ to: padding = 2, stride = 1

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 28, 28] {
        conv1: Conv2d(1, 6, 5, padding = 2, 1),
        ReLU,
    }
}

fn main() {}
