//@ torch: 157
//@ mend: [4, 6], [5, 6])
//@ to: [4, 6], [4, 6])

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [4, 6], [5, 6]) -> [3, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(q, k, v) {
        let (y, _) = attn(q, k, v);
        y
    }
}

fn main() {}
