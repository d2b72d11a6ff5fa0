//@ mend: MultiheadAttention(6, num_heads = 0)
//@ to: MultiheadAttention(6, num_heads = 1)

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, num_heads = 0),
    }
    forward(x) {
        let (y, _) = attn(x, x, x);
        y
    }
}

fn main() {}
