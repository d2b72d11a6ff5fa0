//@ mend: 16 * 4 * 4
//@ to: 16 * 5 * 5

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [120] {
        conv1: Conv2d(1, 6, 5, padding = 2),
        MaxPool2d(2),
        conv2: Conv2d(6, 16, 5),
        MaxPool2d(2),
        Flatten,
        fc1: Linear(16 * 4 * 4, 120),
    }
}

fn main() {}
