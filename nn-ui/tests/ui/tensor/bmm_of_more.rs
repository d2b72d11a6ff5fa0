//@ mend: bmm(
//@ to: matmul(

use nn::prelude::*;

network! {
    pub struct Net: ([2, 3, 4], [2, 4, 5]) { }
    forward(a, b) {
        bmm(a, b)
    }
}

fn main() {}
