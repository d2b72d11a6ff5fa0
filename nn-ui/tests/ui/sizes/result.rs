//@ mend: Linear(4, 1 << 34)
//@ to: Linear(4, 4)

use nn::prelude::*;

network! {
    pub struct Net: [1 << 20, 4] {
        a: Linear(4, 1 << 34),
        b: ReLU,
    }
}

fn main() {}
