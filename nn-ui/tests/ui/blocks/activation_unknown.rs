//@ mend: activation = "gellu"
//@ to: activation = "gelu"

use nn::prelude::*;

network! {
    pub struct Plain: [5, 8] -> [5, 8] {
        encoder: TransformerEncoderLayer(8, 2, activation = "gellu"),
    }
}

fn main() {}
