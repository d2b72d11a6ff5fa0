//@ mend: Parameter(3, 5)
//@ to: Parameter(4, 5)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [5] {
        w: Parameter(3, 5),
    }
    forward(x) {
        matmul(x, w)
    }
}

fn main() {}
