//@ mend: [4, 5], [3, 5])
//@ to: [4, 5], [3, 4])

use nn::prelude::*;

network! {
    pub struct Block: ([3, 5], [4, 5], [4, 5], [3, 5]) {}
    forward(q, k, v, mask) {
        scaled_dot_product_attention(q, k, v, attn_mask = mask)
    }
}

fn main() {}
