//@ mend: { Linear(4, 2) }
//@ to: { a: Linear(4, 2) }

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        heads: { Linear(4, 2) },
    }
    forward(x) {
        heads.a(x)
    }
}

fn main() {}
