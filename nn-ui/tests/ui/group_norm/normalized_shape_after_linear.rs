//@ mend: LayerNorm(64)
//@ to: LayerNorm(32)

use nn::prelude::*;

network! {
    pub struct Net: [16] {
        fc: Linear(16, 32),
        norm: LayerNorm(64),
    }
}

fn main() {}
