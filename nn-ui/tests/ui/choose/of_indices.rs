//@ mend: argmin(argmax(x, 1), 1)
//@ to: argmin(x, 1)

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] {
    }
    forward(x) {
        argmin(argmax(x, 1), 1)
    }
}

fn main() {}
