//@ torch: 117
//@ mend: [4]
//@ to: [3]

use nn::prelude::*;

network! {
    pub struct Net: ([3], [4]) {
        cosine: CosineSimilarity,
    }
    forward(a, b) {
        cosine(a, b)
    }
}

fn main() {}
