//@ mend: Bilinear(3, 3, 2)
//@ to: Linear(3, 2)

use nn::prelude::*;

network! {
    pub struct Pair: [3] -> [2] {
        score: Bilinear(3, 3, 2),
    }
}

fn main() {}
