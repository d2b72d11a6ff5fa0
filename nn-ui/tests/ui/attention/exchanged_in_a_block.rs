//@ mend: TransformerEncoderLayer(2, 8)
//@ to: TransformerEncoderLayer(8, 2)

use nn::prelude::*;

network! {
    pub struct Reader: [4, 8] -> [4, 8] {
        block: TransformerEncoderLayer(2, 8),
    }
}

fn main() {}
