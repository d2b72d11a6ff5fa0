//@ mend: #[init(ones)]
//@ to: #[init(bias: ones)]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(xavier_uniform)]
        #[init(ones)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
