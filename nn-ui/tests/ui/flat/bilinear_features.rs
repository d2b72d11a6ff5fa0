//@ torch: 072
//@ mend: Bilinear(3, 4, 2)
//@ to: Bilinear(3, 5, 2)

use nn::prelude::*;

network! {
    pub struct Pair: ([3], [5]) -> [2] {
        score: Bilinear(3, 4, 2),
    }
    forward(a, b) {
        score(a, b)
    }
}

fn main() {}
