//@ torch: 067
//@ mend: Linear(120, 10)
//@ to: Linear(128, 10)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(120, 10),
    }
}

fn main() {}
