//@ mend: , a: ReLU
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [4] -> ([2], [3]) {
        heads: { a: Linear(4, 2), b: Linear(4, 3), a: ReLU },
    }
    forward(x) {
        (heads.a(x), heads.b(x))
    }
}

fn main() {}
