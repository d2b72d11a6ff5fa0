//@ mend: [_]
//@ to: [784]

use nn::prelude::*;

network! {
    pub struct Mlp: [_] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
