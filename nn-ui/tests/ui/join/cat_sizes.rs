//@ torch: 152
//@ mend: ([3, 4], [2, 5])
//@ to: ([3, 4], [2, 4])

use nn::prelude::*;

network! {
    pub struct Join: ([3, 4], [2, 5]) -> [5, 4] {}
    forward(a, b) {
        cat([a, b], dim = 1)
    }
}

fn main() {}
