//@ mend: [78.4]
//@ to: [784]

use nn::prelude::*;

network! {
    pub struct Mlp: [78.4] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
