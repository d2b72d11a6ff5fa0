//@ mend: attn_mask = masked
//@ to: attn_mask = mask

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [3, 3]) -> [3, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(x, mask) {
        let (y, _) = attn(x, x, x, attn_mask = masked);
        y
    }
}

fn main() {}
