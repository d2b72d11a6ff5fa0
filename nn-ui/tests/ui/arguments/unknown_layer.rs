//@ mend: Conv2D(
//@ to: Conv2d(

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 24, 24] {
        conv1: Conv2D(1, 6, 5),
        ReLU,
    }
}

fn main() {}
