//@ mend: where(a, m, b)
//@ to: where(m, a, b)

use nn::prelude::*;

network! {
    pub struct Net: ([u32; 3], [3], [3]) {
    }
    forward(m, a, b) {
        where(a, m, b)
    }
}

fn main() {}
