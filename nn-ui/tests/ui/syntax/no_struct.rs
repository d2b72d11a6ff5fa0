//@ mend: pub Mlp
//@ to: pub struct Mlp

use nn::prelude::*;

network! {
    pub Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
