//@ mend: ([3], [5])
//@ to: [3]

use nn::prelude::*;

network! {
    pub struct Pair: ([3], [5]) -> [2] {
        fc: Linear(3, 2),
    }
}

fn main() {}
