//@ mend: [8]
//@ to: [8, 5]

use nn::prelude::*;

network! {
    pub struct Net: [8] {
        norm: LocalResponseNorm(5),
    }
    forward(x) {
        norm(x)
    }
}

fn main() {}
