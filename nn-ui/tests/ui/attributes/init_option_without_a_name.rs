//@ mend: constant, 0.5
//@ to: constant, val = 0.5

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(constant, 0.5)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
