//@ mend: (1, 2, 0)
//@ to: (1, 2, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        repeat(x, (1, 2, 0))
    }
}

fn main() {}
