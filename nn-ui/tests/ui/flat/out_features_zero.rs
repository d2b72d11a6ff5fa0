//@ torch: 171a
//@ mend: Linear(784, 0)
//@ to: Linear(784, 10)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] {
        fc: Linear(784, 0),
    }
}

fn main() {}
