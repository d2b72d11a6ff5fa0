//@ torch: 118
//@ mend: [3, 4]
//@ to: [3, 3]

use nn::prelude::*;

network! {
    pub struct Net: ([3, 3], [3, 4]) {
        distance: PairwiseDistance,
    }
    forward(a, b) {
        distance(a, b)
    }
}

fn main() {}
