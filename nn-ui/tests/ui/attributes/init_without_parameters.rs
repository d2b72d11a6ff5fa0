//@ mend: #[init(zeros)]
//@ to:

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        #[init(zeros)]
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
