//@ mend: block(x, mask = x)
//@ to: block(x, src_mask = x)

use nn::prelude::*;

network! {
    pub struct Plain: [8, 8] -> [8, 8] {
        block: TransformerEncoderLayer(8, 2),
    }
    forward(x) {
        block(x, mask = x)
    }
}

fn main() {}
