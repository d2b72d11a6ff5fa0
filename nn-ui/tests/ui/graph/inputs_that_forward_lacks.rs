//@ mend: forward(a)
//@ to: forward(a, b)

use nn::prelude::*;

network! {
    pub struct Pair: ([3], [5]) -> [2] {
        score: Bilinear(3, 5, 2),
    }
    forward(a) {
        score(a, b)
    }
}

fn main() {}
