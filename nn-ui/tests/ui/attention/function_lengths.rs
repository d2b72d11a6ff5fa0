//@ mend: ([3, 5], [4, 5], [3, 5])
//@ to: ([3, 5], [4, 5], [4, 5])

use nn::prelude::*;

network! {
    pub struct Block: ([3, 5], [4, 5], [3, 5]) {}
    forward(q, k, v) {
        scaled_dot_product_attention(q, k, v)
    }
}

fn main() {}
