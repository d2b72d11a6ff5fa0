//@ mend: , [5])
//@ to: , [u32; 5])

use nn::prelude::*;

network! {
    pub struct Net: ([5], [5]) {
    }
    forward(x, m) {
        masked_fill(x, m, 0.0)
    }
}

fn main() {}
