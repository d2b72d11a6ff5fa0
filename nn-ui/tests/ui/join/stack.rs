//@ torch: 154
//@ mend: ([2, 3], [1, 3])
//@ to: ([2, 3], [2, 3])

use nn::prelude::*;

network! {
    pub struct Pile: ([2, 3], [1, 3]) -> [2, 2, 3] {}
    forward(a, b) {
        stack([a, b], dim = 1)
    }
}

fn main() {}
