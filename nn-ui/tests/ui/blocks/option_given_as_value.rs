//@ mend: is_causal = x
//@ to: is_causal = true

use nn::prelude::*;

network! {
    pub struct Plain: [8, 8] -> [8, 8] {
        block: TransformerEncoderLayer(8, 2),
    }
    forward(x) {
        block(x, is_causal = x)
    }
}

fn main() {}
