//@ mend: gian = 2.0
//@ to: gain = 2.0

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(xavier_uniform, gian = 2.0)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
