//@ mend: vdim = 5
//@ to: vdim = 4

use nn::prelude::*;

network! {
    pub struct Block: ([3, 6], [7, 6], [7, 4]) -> [3, 6] {
        attn: MultiheadAttention(6, 3, vdim = 5),
    }
    forward(q, k, v) {
        let (y, _) = attn(q, k, v);
        y
    }
}

fn main() {}
