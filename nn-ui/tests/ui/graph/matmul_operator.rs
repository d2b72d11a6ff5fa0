//@ mend: q @ k
//@ to: matmul(q, k)

use nn::prelude::*;

network! {
    pub struct Scores: ([8, 4], [4, 8]) -> [8, 8] {}
    forward(q, k) {
        q @ k
    }
}

fn main() {}
