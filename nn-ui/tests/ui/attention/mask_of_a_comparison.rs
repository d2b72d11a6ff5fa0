//@ mend: attn_mask = near > 0.5
//@ to: attn_mask = additive_mask(logical_not(near > 0.5))

use nn::prelude::*;

network! {
    pub struct Reader: ([4, 8], [4, 4]) -> [4, 8] {}
    forward(x, near) {
        scaled_dot_product_attention(x, x, x, attn_mask = near > 0.5)
    }
}

fn main() {}
