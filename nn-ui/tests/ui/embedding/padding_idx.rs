//@ torch: 113
//@ mend: padding_idx = 5
//@ to: padding_idx = 4

use nn::prelude::*;

network! {
    pub struct Net: [u32; 4] {
        table: Embedding(5, 3, padding_idx = 5),
    }
}

fn main() {}
