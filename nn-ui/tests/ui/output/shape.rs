//@ mend: -> [12]
//@ to: -> [10]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [12] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
