//@ mend: pub struct Second: [10] -> [10] { ReLU }
//@ to:

use nn::prelude::*;

network! {
    pub struct First: [784] -> [10] {
        fc: Linear(784, 10),
    }
    pub struct Second: [10] -> [10] { ReLU }
}

fn main() {}
