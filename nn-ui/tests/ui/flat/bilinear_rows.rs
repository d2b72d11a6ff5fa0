//@ torch: 073
//@ mend: ([2, 3], [3, 5])
//@ to: ([2, 3], [2, 5])

use nn::prelude::*;

network! {
    pub struct Pair: ([2, 3], [3, 5]) {
        score: Bilinear(3, 5, 2),
    }
    forward(a, b) {
        score(a, b)
    }
}

fn main() {}
