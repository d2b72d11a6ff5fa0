//@ mend: where(m, a, b)
//@ to: where(m, a, expand(b, (-1, 3)))

use nn::prelude::*;

network! {
    pub struct Net: ([u32; 3], [3], [1]) {
    }
    forward(m, a, b) {
        where(m, a, b)
    }
}

fn main() {}
