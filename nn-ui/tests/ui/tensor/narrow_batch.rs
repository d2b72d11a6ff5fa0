//@ mend: x, 0,
//@ to: x, 1,

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        narrow(x, 0, 1, 2)
    }
}

fn main() {}
