//@ mend: let y = attn(x, x, x);
//@ to: let (y, _) = attn(x, x, x);

use nn::prelude::*;

network! {
    pub struct Block: [5, 6] -> [5, 6] {
        attn: MultiheadAttention(6, 3),
    }
    forward(x) {
        let y = attn(x, x, x);
        relu(y)
    }
}

fn main() {}
