//@ mend: fn hidden
//@ to: const fn hidden

use nn::prelude::*;

fn hidden(classes: usize) -> usize {
    classes * classes
}

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, hidden(10)),
        ReLU,
        fc2: Linear(100, 10),
    }
}

fn main() {}
