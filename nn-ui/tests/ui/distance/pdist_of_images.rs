//@ mend: pdist(x)
//@ to: pdist(flatten(x, 2))

use nn::prelude::*;

network! {
    pub struct Net: [5, 2, 2] -> [10] {
    }
    forward(x) {
        pdist(x)
    }
}

fn main() {}
