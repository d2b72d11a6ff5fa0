//@ mend: Dense(
//@ to: Linear(784, 

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        Dense(128),
        ReLU,
        Linear(128, 10),
    }
}

fn main() {}
