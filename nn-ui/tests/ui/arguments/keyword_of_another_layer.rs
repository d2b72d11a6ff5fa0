//@ mend: Linear(784, 10, activation = "relu")
//@ to: Linear(784, 10)

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, activation = "relu"),
    }
}

fn main() {}
