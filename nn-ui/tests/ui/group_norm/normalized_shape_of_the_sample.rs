//@ mend: LayerNorm(5)
//@ to: LayerNorm(3)

use nn::prelude::*;

network! {
    pub struct Net: [7, 3] {
        norm: LayerNorm(5),
    }
}

fn main() {}
