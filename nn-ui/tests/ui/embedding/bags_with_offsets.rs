//@ torch: 116
//@ mend: [[u32; 4]; 2]
//@ to: [u32; 8]

use nn::prelude::*;

network! {
    pub struct Net: ([[u32; 4]; 2], [u32; 2]) {
        bag: EmbeddingBag(5, 3),
    }
    forward(x, o) {
        bag(x, offsets = o)
    }
}

fn main() {}
