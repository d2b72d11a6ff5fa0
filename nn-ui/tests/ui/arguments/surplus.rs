//@ mend: Linear(784, 10, true, 128)
//@ to: Linear(784, 10, true)

use nn::prelude::*;

network! {
    pub struct Linear1: [784] -> [10] {
        fc: Linear(784, 10, true, 128),
    }
}

fn main() {}
