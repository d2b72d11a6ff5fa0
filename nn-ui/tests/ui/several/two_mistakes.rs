//@ errors: 2
//@ mend: Conv2d(8, 16, 5)
//@ to: Conv2d(6, 16, 5)
//@ mend: Linear(100, 10)
//@ to: Linear(120, 10)

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5),
        MaxPool2d(2),
        conv2: Conv2d(8, 16, 5),
        MaxPool2d(2),
        Flatten,
        fc1: Linear(16 * 4 * 4, 120),
        ReLU,
        fc2: Linear(100, 10),
    }
}

fn main() {}
