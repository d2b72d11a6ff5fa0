//@ mend: (1, 1, 1)
//@ to: (1, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] { }
    forward(x) {
        pad(x, (1, 1, 1))
    }
}

fn main() {}
