//@ mend: 'same'
//@ to: "same"

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 28, 28] {
        conv1: Conv2d(1, 6, 5, padding = 'same'),
        ReLU,
    }
}

fn main() {}
