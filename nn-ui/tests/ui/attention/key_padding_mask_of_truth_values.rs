//@ mend: key_padding_mask = padding
//@ to: key_padding_mask = additive_mask(padding)

use nn::prelude::*;

network! {
    pub struct Reader: ([4, 8], [u32; 4]) -> [4, 8] {
        attn: MultiheadAttention(8, 2),
    }
    forward(x, padding) {
        let (y, _) = attn(x, x, x, key_padding_mask = padding);
        y
    }
}

fn main() {}
