//@ mend: attn(x, x)
//@ to: attn(x, x, x)

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(x) {
        let (y, _) = attn(x, x);
        y
    }
}

fn main() {}
