//@ mend: #[init(xavier_uniform_)]
//@ to: #[init(xavier_uniform)]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(xavier_uniform_)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
