//@ mend: wieght: zeros
//@ to: weight: zeros

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(wieght: zeros)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
