//@ mend: size = 0
//@ to: size = 1

use nn::prelude::*;

network! {
    pub struct Net: [8, 5] {
        norm: LocalResponseNorm(size = 0),
    }
    forward(x) {
        norm(x)
    }
}

fn main() {}
