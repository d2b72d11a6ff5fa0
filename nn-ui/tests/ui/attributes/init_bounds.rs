//@ mend: #[init(uniform, a = 1.0, b = -1.0)]
//@ to: #[init(uniform, a = -1.0, b = 1.0)]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(uniform, a = 1.0, b = -1.0)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
