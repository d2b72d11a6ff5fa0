//@ mend: #[key(features.0)]
//@ to: #[key = "features.0"]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[key(features.0)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
