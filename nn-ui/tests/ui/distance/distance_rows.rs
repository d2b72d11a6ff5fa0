//@ mend: [3, 4])
//@ to: [2, 4])

use nn::prelude::*;

network! {
    pub struct Net: ([2, 4], [3, 4]) {
        distance: PairwiseDistance(2.0),
    }
    forward(a, b) {
        distance(a, b)
    }
}

fn main() {}
