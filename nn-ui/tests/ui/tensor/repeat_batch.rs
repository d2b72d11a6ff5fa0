//@ mend: (2, 1, 1)
//@ to: (1, 2, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        repeat(x, (2, 1, 1))
    }
}

fn main() {}
