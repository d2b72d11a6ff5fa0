//@ torch: 156
//@ mend: MultiheadAttention(6, 4)
//@ to: MultiheadAttention(6, 3)

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, 4),
    }
    forward(x) {
        let (y, _) = attn(x, x, x, need_weights = false);
        y
    }
}

fn main() {}
