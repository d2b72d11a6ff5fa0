//@ mend: cat([a, b], 2)
//@ to: cat([a, b], 1)

use nn::prelude::*;

network! {
    pub struct Join: ([4], [4]) -> [8] {}
    forward(a, b) {
        cat([a, b], 2)
    }
}

fn main() {}
