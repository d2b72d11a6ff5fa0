//@ mend: [4]
//@ to: [u32; 4]

use nn::prelude::*;

network! {
    pub struct Net: [4] {
    }
    forward(x) {
        one_hot(x, 10)
    }
}

fn main() {}
