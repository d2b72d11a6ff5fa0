//@ mend: (0)
//@ to: (1)

use nn::prelude::*;

network! {
    pub struct Net: ([3, 4], [3, 4]) {
        cosine: CosineSimilarity(0),
    }
    forward(a, b) {
        cosine(a, b)
    }
}

fn main() {}
