//@ mend: , [1], [1]) {
//@ to: , [1]) {
//@ mend: , c, c)
//@ to: , c)

use nn::prelude::*;

network! {
    pub struct Heads: [8] -> ([1], [1], [1], [1], [1], [1], [1], [1], [1]) {
        a: Linear(8, 1),
        b: Linear(8, 1),
        c: Linear(8, 1),
    }
    forward(x) {
        let (a, b, c) = (a(x), b(x), c(x));
        (a, b, c, a, b, c, a, c, c)
    }
}

fn main() {}
