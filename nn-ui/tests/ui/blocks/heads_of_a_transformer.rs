//@ mend: TransformerEncoderLayer(8, 3)
//@ to: TransformerEncoderLayer(8, 2)

use nn::prelude::*;

network! {
    pub struct Plain: [5, 8] -> [5, 8] {
        encoder: TransformerEncoder(TransformerEncoderLayer(8, 3), num_layers = 1),
    }
}

fn main() {}
