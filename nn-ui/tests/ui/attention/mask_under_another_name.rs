//@ mend: mask = m)
//@ to: attn_mask = m)

use nn::prelude::*;

network! {
    pub struct Reader: ([4, 8], [4, 4]) -> [4, 8] {
        attn: MultiheadAttention(8, 2),
    }
    forward(x, m) {
        let (y, _) = attn(x, x, x, mask = m);
        y
    }
}

fn main() {}
