//@ mend: (x, 1)
//@ to: (x, 1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        roll(x, 1)
    }
}

fn main() {}
