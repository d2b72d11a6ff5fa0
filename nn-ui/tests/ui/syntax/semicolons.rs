//@ mend: 128);
//@ to: 128),
//@ mend: ReLU;
//@ to: ReLU,
//@ mend: 10);
//@ to: 10),
//! Who separates by semicolons does so everywhere: one mistake.

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128);
        ReLU;
        fc2: Linear(128, 10);
    }
}

fn main() {}
