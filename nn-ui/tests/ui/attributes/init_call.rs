//@ mend: #[init(normal(0.0, 0.02))]
//@ to: #[init(normal, mean = 0.0, std = 0.02)]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(normal(0.0, 0.02))]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
