//@ mend: MultiheadAttention(2, 8)
//@ to: MultiheadAttention(8, 2)

use nn::prelude::*;

network! {
    pub struct Reader: [4, 8] -> [4, 8] {
        attn: MultiheadAttention(2, 8),
    }
    forward(x) {
        let (y, _) = attn(x, x, x);
        y
    }
}

fn main() {}
