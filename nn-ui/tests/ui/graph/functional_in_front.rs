//@ mend: F.relu(
//@ to: relu(

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        fc2(F.relu(fc1(x)))
    }
}

fn main() {}
