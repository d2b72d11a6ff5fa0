//@ mend: cosine(a)
//@ to: cosine(a, a)

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        cosine: CosineSimilarity,
    }
    forward(a) {
        cosine(a)
    }
}

fn main() {}
