//@ mend: Linear(784, -10)
//@ to: Linear(784, 10)

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] {
        fc: Linear(784, -10),
    }
}

fn main() {}
