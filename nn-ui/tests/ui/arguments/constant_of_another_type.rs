//@ mend: HIDDEN: i32
//@ to: HIDDEN: usize

use nn::prelude::*;

const HIDDEN: i32 = 128;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, HIDDEN),
        ReLU,
        fc2: Linear(_, 10),
    }
}

fn main() {}
