//@ mend: ReLU(0.1)
//@ to: LeakyReLU(0.1)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        ReLU(0.1),
    }
}

fn main() {}
