//@ mend: Linear(128, 10),
//@ to: fc2: Linear(128, 10),

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        Linear(128, 10),
    }
    forward(x) {
        fc2(relu(fc1(x)))
    }
}

fn main() {}
