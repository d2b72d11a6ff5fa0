//@ mend: MultiheadAttention(6, 3)
//@ to: MultiheadAttention(6, 3, kdim = 4, vdim = 4)

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [7, 4]) -> [3, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(q, memory) {
        let (y, _) = attn(q, memory, memory);
        y
    }
}

fn main() {}
