//@ mend: logical_and(x > 0.0, y)
//@ to: logical_and(x > 0.0, y != 0.0)

use nn::prelude::*;

network! {
    pub struct Net: ([4], [4]) {
    }
    forward(x, y) {
        where(logical_and(x > 0.0, y), x, y)
    }
}

fn main() {}
