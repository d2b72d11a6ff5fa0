//@ mend: False
//@ to: false

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, False),
    }
}

fn main() {}
