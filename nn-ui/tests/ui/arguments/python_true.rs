//@ mend: True
//@ to: true

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, bias = True),
    }
}

fn main() {}
