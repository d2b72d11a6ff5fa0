//@ mend: "5"
//@ to: 5

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 24, 24] {
        conv1: Conv2d(1, 6, kernel_size = "5"),
        ReLU,
    }
}

fn main() {}
