//@ mend: keepdim = true
//@ to: keepdim = false

use nn::prelude::*;

network! {
    pub struct Net: ([3], [3]) -> [] {
        distance: PairwiseDistance(keepdim = true),
    }
    forward(a, b) {
        distance(a, b)
    }
}

fn main() {}
