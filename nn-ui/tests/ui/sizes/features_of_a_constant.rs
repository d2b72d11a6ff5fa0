//@ mend: usize::MAX / 2
//@ to: 8

use nn::prelude::*;

const BIG: usize = usize::MAX / 2;

network! {
    pub struct Net: [4] {
        Linear(4, BIG),
        ReLU,
        Linear(BIG, 2),
    }
}

fn main() {}
