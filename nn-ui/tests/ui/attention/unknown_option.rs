//@ mend: need_weight = false
//@ to: need_weights = false

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(x) {
        let (y, _) = attn(x, x, x, need_weight = false);
        y
    }
}

fn main() {}
