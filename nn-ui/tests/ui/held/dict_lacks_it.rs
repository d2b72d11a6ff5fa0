//@ mend: heads.b(x)
//@ to: heads.a(x)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        heads: { a: Linear(4, 2) },
    }
    forward(x) {
        heads.b(x)
    }
}

fn main() {}
