//@ mend: Linear(in_features = 784, 10)
//@ to: Linear(in_features = 784, out_features = 10)

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(in_features = 784, 10),
    }
}

fn main() {}
