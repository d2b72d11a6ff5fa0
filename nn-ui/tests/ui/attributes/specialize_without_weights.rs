//@ mend: #[specialize]
//@ to:

use nn::prelude::*;

network! {
    pub struct Mlp: [64] -> [10] {
        fc1: Linear(64, 128),
        #[specialize]
        act: ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
