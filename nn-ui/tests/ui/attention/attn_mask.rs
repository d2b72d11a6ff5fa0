//@ mend: ([3, 6], [7, 6], [7, 3])
//@ to: ([3, 6], [7, 6], [3, 7])

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [7, 6], [7, 3]) -> [3, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(q, memory, seen) {
        let (y, _) = attn(q, memory, memory, attn_mask = seen);
        y
    }
}

fn main() {}
