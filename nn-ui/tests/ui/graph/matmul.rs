//@ mend: ([8, 4], [8, 4])
//@ to: ([8, 4], [4, 8])

use nn::prelude::*;

network! {
    pub struct Scores: ([8, 4], [8, 4]) -> [8, 8] {}
    forward(q, k) {
        matmul(q, k)
    }
}

fn main() {}
