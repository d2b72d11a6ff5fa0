//@ mend: ([5], [5], [5])
//@ to: ([1, 5], [1, 5], [1, 5])

use nn::prelude::*;

network! {
    pub struct Block: ([5], [5], [5]) {}
    forward(q, k, v) {
        scaled_dot_product_attention(q, k, v)
    }
}

fn main() {}
