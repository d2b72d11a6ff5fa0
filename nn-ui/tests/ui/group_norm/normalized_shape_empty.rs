//@ mend: (())
//@ to: (5)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        norm: LayerNorm(()),
    }
}

fn main() {}
