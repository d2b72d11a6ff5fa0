//@ torch: 153
//@ mend: ([4], [4, 5])
//@ to: ([4], [5])

use nn::prelude::*;

network! {
    pub struct Join: ([4], [4, 5]) -> [9] {}
    forward(a, b) {
        cat([a, b], dim = 1)
    }
}

fn main() {}
