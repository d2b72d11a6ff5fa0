//@ mend: dim = 0
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Net: [10] {
    }
    forward(x) {
        argmax(x, dim = 0)
    }
}

fn main() {}
