//@ mend: p = -1.0
//@ to: p = 1.0

use nn::prelude::*;

network! {
    pub struct Net: [5, 4] -> [10] {
    }
    forward(x) {
        pdist(x, p = -1.0)
    }
}

fn main() {}
