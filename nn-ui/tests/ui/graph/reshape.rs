//@ mend: reshape(x, (-1, 3, 5))
//@ to: reshape(x, (-1, 3, 4))

use nn::prelude::*;

network! {
    pub struct Fold: [12] -> [3, 4] {}
    forward(x) {
        reshape(x, (-1, 3, 5))
    }
}

fn main() {}
