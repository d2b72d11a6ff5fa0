//@ mend: bias = 0
//@ to: bias = false

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, bias = 0),
    }
}

fn main() {}
