//@ mend: #[weight_norm] norm
//@ to: norm

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        #[weight_norm] norm: LayerNorm(4),
    }
}

fn main() {}
