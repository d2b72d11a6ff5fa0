//@ mend: [4])
//@ to: [3])

use nn::prelude::*;

network! {
    pub struct Net: ([3, 5, 5], [4]) {}
    forward(x, w) {
        prelu(x, w)
    }
}

fn main() {}
