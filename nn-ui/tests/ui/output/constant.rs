//@ mend: CLASSES: usize = 12
//@ to: CLASSES: usize = 10

use nn::prelude::*;

const CLASSES: usize = 12;

network! {
    pub struct Mlp: [784] -> [CLASSES] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
