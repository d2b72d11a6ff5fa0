//@ mend: Conv2d,
//@ to: Conv2d(1, 6, 5),

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 24, 24] {
        conv1: Conv2d,
        ReLU,
    }
}

fn main() {}
