//@ mend: [5, 1]
//@ to: [5, 4]

use nn::prelude::*;

network! {
    pub struct Net: ([5, 4], [5, 1]) {
        distance: PairwiseDistance,
    }
    forward(a, b) {
        distance(a, b)
    }
}

fn main() {}
