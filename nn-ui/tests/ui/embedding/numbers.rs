//@ torch: 114
//@ mend: Net: [4]
//@ to: Net: [u32; 4]

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        table: Embedding(5, 3),
    }
}

fn main() {}
