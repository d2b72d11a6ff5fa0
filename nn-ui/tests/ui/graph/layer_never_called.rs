//@ mend: fc2: Linear(128, 128),
//@ to:

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 128),
        fc3: Linear(128, 10),
    }
    forward(x) {
        fc3(relu(fc1(x)))
    }
}

fn main() {}
