//@ mend: LeakyReLU(true)
//@ to: LeakyReLU(inplace = true)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        LeakyReLU(true),
    }
}

fn main() {}
