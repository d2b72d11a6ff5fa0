//@ mend: ([4], [3], [4])
//@ to: ([4], [4], [4])

use nn::prelude::*;

network! {
    pub struct Net: ([4], [3], [4]) {
    }
    forward(a, b, c) {
        where(a > b, a, c)
    }
}

fn main() {}
