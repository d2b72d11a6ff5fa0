//@ mend: (fc1: Linear(784, 128), ReLU, Linear(128, 10))
//@ to: (Linear(784, 128), ReLU, Linear(128, 10))

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] (fc1: Linear(784, 128), ReLU, Linear(128, 10));
}

fn main() {}
