//@ mend: one_hot(x, 0)
//@ to: one_hot(x, 10)

use nn::prelude::*;

network! {
    pub struct Net: [u32; 4] {
    }
    forward(x) {
        one_hot(x, 0)
    }
}

fn main() {}
