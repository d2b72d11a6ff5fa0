//@ mend: , [1], [1]) {
//@ to: , [1]) {
//@ mend: , r, r)
//@ to: , r)

use nn::prelude::*;

network! {
    pub struct Heads: [8] -> ([1], [1], [1], [1], [1], [1], [1], [1], [1]) {
        left: Linear(8, 1),
        right: Linear(8, 1),
    }
    forward(x) {
        let (l, r) = (left(x), right(x));
        (l, r, l, r, l, r, l, r, r)
    }
}

fn main() {}
