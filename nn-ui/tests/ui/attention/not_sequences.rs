//@ mend: [6, 4, 4] -> [6, 4, 4]
//@ to: [16, 6] -> [16, 6]

use nn::prelude::*;

network! {
    pub struct Block: [6, 4, 4] -> [6, 4, 4] {
        attn: MultiheadAttention(6, 3),
    }
    forward(x) {
        let (y, _) = attn(x, x, x);
        y
    }
}

fn main() {}
