//@ mend: 128u8
//@ to: 128

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [128] {
        fc1: Linear(784, 128u8),
        ReLU,
    }
}

fn main() {}
