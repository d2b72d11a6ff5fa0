//@ mend: padding_mode = 0
//@ to: padding_mode = "zeros"

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 28, 28] {
        conv1: Conv2d(1, 6, 5, padding = 2, padding_mode = 0),
        ReLU,
    }
}

fn main() {}
