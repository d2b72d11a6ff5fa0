//@ mend: dropout = 1.5
//@ to: dropout = 0.5

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, 3, dropout = 1.5),
    }
    forward(x) {
        let (y, _) = attn(x, x, x);
        y
    }
}

fn main() {}
