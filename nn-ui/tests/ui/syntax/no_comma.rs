//@ mend: Linear(784, 128)
//@ to: Linear(784, 128),

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128)
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
