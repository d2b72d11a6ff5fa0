//@ mend: 784 / (10 - 10)
//@ to: 784 / (10 - 9)

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784 / (10 - 10), 10),
    }
}

fn main() {}
