//@ mend: (1, -2)
//@ to: (1, -1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        flip(x, (1, -2))
    }
}

fn main() {}
