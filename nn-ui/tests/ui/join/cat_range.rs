//@ mend: dim = 2
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Join: ([4], [4]) -> [8] {}
    forward(a, b) {
        cat([a, b], dim = 2)
    }
}

fn main() {}
