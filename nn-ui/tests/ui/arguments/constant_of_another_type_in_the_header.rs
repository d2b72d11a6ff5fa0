//@ mend: CLASSES: u32
//@ to: CLASSES: usize

use nn::prelude::*;

const CLASSES: u32 = 10;

network! {
    pub struct Perceptron: [784] -> [CLASSES] {
        fc: Linear(784, 10),
    }
}

fn main() {}
