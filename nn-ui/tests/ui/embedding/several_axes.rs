//@ mend: [u32; 8, 16]
//@ to: [[u32; 16]; 8]

use nn::prelude::*;

network! {
    pub struct Net: [u32; 8, 16] {
        table: Embedding(5, 3),
    }
}

fn main() {}
