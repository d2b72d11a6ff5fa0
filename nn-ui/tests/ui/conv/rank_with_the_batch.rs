//@ torch: 018
//@ mend: [32, 1, 28, 28]
//@ to: [1, 28, 28]

use nn::prelude::*;

network! {
    pub struct LeNet5: [32, 1, 28, 28] {
        conv: Conv2d(1, 6, 5),
        ReLU,
    }
}

fn main() {}
