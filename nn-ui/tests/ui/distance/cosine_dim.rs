//@ mend: dim = 2
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Net: ([3], [3]) {
        cosine: CosineSimilarity(dim = 2),
    }
    forward(a, b) {
        cosine(a, b)
    }
}

fn main() {}
