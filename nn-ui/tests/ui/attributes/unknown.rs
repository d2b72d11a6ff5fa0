//@ mend: #[freeze]
//@ to: #[frozen]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[freeze]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
