//@ mend: argmax(x)
//@ to: argmax(x, 1)

use nn::prelude::*;

network! {
    pub struct Net: [10] {
    }
    forward(x) {
        argmax(x)
    }
}

fn main() {}
