//@ mend: specialise
//@ to: specialize

use nn::prelude::*;

network! {
    pub struct Mlp: [64] -> [10] {
        #[specialise]
        fc1: Linear(64, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
