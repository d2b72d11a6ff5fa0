//@ mend: score(a)
//@ to: score(a, b)

use nn::prelude::*;

network! {
    pub struct Pair: ([3], [5]) -> [2] {
        score: Bilinear(3, 5, 2),
    }
    forward(a, b) {
        let _ = b;
        score(a)
    }
}

fn main() {}
