//@ mend: eps = -1.0
//@ to: eps = 1.0

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        norm: LayerNorm(5, eps = -1.0),
    }
}

fn main() {}
