//@ mend: #[specialize(always)]
//@ to: #[specialize]

use nn::prelude::*;

network! {
    #[specialize(always)]
    pub struct Mlp: [64] -> [10] {
        fc1: Linear(64, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
