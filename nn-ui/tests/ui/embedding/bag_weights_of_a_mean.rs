//@ mend: EmbeddingBag(5, 3)
//@ to: EmbeddingBag(5, 3, mode = "sum")

use nn::prelude::*;

network! {
    pub struct Net: ([u32; 4], [4]) {
        bag: EmbeddingBag(5, 3),
    }
    forward(x, w) {
        bag(x, per_sample_weights = w)
    }
}

fn main() {}
