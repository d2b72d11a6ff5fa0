//@ mend: nn::Linear(784
//@ to: Linear(784

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: nn::Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
