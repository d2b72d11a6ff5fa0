//@ mend: #[elment(f64)]
//@ to: #[element(f64)]

use nn::prelude::*;

network! {
    #[elment(f64)]
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
