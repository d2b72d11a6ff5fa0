//@ mend: start = 5
//@ to: start = 4

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        narrow(x, dim = 2, start = 5, length = 1)
    }
}

fn main() {}
