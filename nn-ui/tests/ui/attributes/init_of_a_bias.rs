//@ mend: #[init(bias: xavier_uniform)]
//@ to: #[init(bias: zeros)]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(bias: xavier_uniform)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
