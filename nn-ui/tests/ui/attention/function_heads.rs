//@ mend: scaled_dot_product_attention(q, k, v)
//@ to: scaled_dot_product_attention(q, k, v, enable_gqa = true)

use nn::prelude::*;

network! {
    pub struct Block: ([6, 3, 5], [2, 4, 5], [2, 4, 5]) {}
    forward(q, k, v) {
        scaled_dot_product_attention(q, k, v)
    }
}

fn main() {}
