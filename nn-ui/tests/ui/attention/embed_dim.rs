//@ mend: MultiheadAttention(8, 2)
//@ to: MultiheadAttention(_, 2)

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(8, 2),
    }
    forward(x) {
        let (y, _) = attn(x, x, x);
        y
    }
}

fn main() {}
