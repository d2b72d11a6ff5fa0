//@ mend: axis = 1
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Join: ([4], [4]) -> [8] {}
    forward(a, b) {
        cat([a, b], axis = 1)
    }
}

fn main() {}
