//@ mend: [1, 28, 0]
//@ to: [1, 28, 28]

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 0] {
        conv1: Conv2d(1, 6, 5),
        ReLU,
    }
}

fn main() {}
