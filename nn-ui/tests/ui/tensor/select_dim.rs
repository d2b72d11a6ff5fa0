//@ mend: dim = 3
//@ to: dim = 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        select(x, dim = 3, index = 0)
    }
}

fn main() {}
