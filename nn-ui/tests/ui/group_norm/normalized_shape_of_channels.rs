//@ mend: (3)
//@ to: ((3, 5, 5))

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        norm: LayerNorm(3),
    }
}

fn main() {}
