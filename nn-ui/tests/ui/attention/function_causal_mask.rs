//@ mend: , is_causal = true
//@ to: 

use nn::prelude::*;

network! {
    pub struct Block: ([3, 5], [4, 5], [4, 5], [3, 4]) {}
    forward(q, k, v, mask) {
        scaled_dot_product_attention(q, k, v, mask, is_causal = true)
    }
}

fn main() {}
