//@ mend: *args
//@ to: 784, 10

use nn::prelude::*;

network! {
    pub struct Perceptron: [784] -> [10] {
        fc: Linear(*args),
    }
}

fn main() {}
