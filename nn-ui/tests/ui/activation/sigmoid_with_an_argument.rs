//@ mend: Sigmoid(dim = 1)
//@ to: Sigmoid

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        Sigmoid(dim = 1),
    }
}

fn main() {}
