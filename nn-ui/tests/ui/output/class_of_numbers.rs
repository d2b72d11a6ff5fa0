//@ mend: [784] -> u32
//@ to: [784] -> [10]

use nn::prelude::*;

network! {
    pub struct Net: [784] -> u32 {
        fc: Linear(784, 10),
    }
}

fn main() {}
