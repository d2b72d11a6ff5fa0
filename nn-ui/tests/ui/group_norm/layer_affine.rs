//@ mend: affine
//@ to: elementwise_affine

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        LayerNorm(5, affine = false),
    }
}

fn main() {}
