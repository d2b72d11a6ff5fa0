//@ torch: 115
//@ mend: Net: u32
//@ to: Net: [u32; 4]

use nn::prelude::*;

network! {
    pub struct Net: u32 {
        bag: EmbeddingBag(5, 3),
    }
}

fn main() {}
