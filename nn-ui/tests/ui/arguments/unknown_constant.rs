//@ mend: Linear(784, HIDEN)
//@ to: Linear(784, HIDDEN)

use nn::prelude::*;

const HIDDEN: usize = 128;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, HIDEN),
        ReLU,
        fc2: Linear(HIDDEN, 10),
    }
}

fn main() {}
