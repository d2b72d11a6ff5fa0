//@ mend: distance(a, b)
//@ to: distance(a, unsqueeze(b, 1))

use nn::prelude::*;

network! {
    pub struct Net: ([3, 4], [4]) {
        distance: PairwiseDistance,
    }
    forward(a, b) {
        distance(a, b)
    }
}

fn main() {}
