//@ mend: (x, 0)
//@ to: (x, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        flip(x, 0)
    }
}

fn main() {}
