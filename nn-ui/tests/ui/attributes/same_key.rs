//@ mend: #[key = "fc2"]
//@ to: #[key = "fc1"]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[key = "fc2"]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
