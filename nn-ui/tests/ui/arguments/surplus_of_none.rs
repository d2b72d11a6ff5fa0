//@ mend: Tanh(true)
//@ to: Tanh

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        Tanh(true),
        fc2: Linear(128, 10),
    }
}

fn main() {}
