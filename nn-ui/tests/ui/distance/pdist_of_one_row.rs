//@ mend: [1, 4]
//@ to: [2, 4]

use nn::prelude::*;

network! {
    pub struct Net: [1, 4] {
    }
    forward(x) {
        pdist(x)
    }
}

fn main() {}
