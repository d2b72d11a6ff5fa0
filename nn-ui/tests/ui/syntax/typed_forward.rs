//@ mend: x: Tensor1<784>
//@ to: x

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x: Tensor1<784>) {
        fc2(relu(fc1(x)))
    }
}

fn main() {}
