//@ mend: (2, 2)
//@ to: (1, 2, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        repeat(x, (2, 2))
    }
}

fn main() {}
