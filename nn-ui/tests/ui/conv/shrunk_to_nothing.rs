//@ torch: 002
//@ mend: [1, 20, 20]
//@ to: [1, 28, 28]

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 20, 20] {
        conv1: Conv2d(1, 6, 5),
        MaxPool2d(2),
        conv2: Conv2d(6, 16, 5),
        MaxPool2d(2),
        conv3: Conv2d(16, 120, 4),
    }
}

fn main() {}
