//@ errors: 3
//@ mend: pading = 2
//@ to: padding = 2
//@ mend: True
//@ to: true
//@ mend: Relu
//@ to: ReLU

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 28, 28] {
        conv1: Conv2d(1, 6, 5, pading = 2),
        Relu,
        conv2: Conv2d(6, 6, 1, bias = True),
    }
}

fn main() {}
