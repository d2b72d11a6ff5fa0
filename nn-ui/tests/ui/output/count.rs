//@ mend: ([10], [4])
//@ to: [10]

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> ([10], [4]) {
        fc: Linear(784, 10),
    }
}

fn main() {}
