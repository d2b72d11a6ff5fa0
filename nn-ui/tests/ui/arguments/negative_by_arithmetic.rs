//@ mend: CLASSES - 20
//@ to: CLASSES + 20

use nn::prelude::*;

const CLASSES: usize = 10;

network! {
    pub struct Perceptron: [784] {
        fc: Linear(784, CLASSES - 20),
    }
}

fn main() {}
