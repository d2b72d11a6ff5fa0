//@ mend: , dtype = float64
//@ to:

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, dtype = float64),
    }
}

fn main() {}
