//@ mend: index = 3
//@ to: index = -3

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        select(x, dim = 1, index = 3)
    }
}

fn main() {}
