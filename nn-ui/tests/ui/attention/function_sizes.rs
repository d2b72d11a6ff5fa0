//@ mend: ([3, 6], [4, 5], [4, 5])
//@ to: ([3, 5], [4, 5], [4, 5])

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [4, 5], [4, 5]) {}
    forward(q, k, v) {
        scaled_dot_product_attention(q, k, v)
    }
}

fn main() {}
