//@ mend: fc: Linear(128, 10)
//@ to: fc2: Linear(128, 10)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 128),
        ReLU,
        fc: Linear(128, 10),
    }
}

fn main() {}
