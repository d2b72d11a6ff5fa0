//@ mend: , device = "cuda"
//@ to:

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(784, 10, device = "cuda"),
    }
}

fn main() {}
