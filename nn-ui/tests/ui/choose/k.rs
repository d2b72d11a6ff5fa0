//@ mend: k = 11
//@ to: k = 10

use nn::prelude::*;

network! {
    pub struct Net: [10] {
    }
    forward(x) {
        let (y, _) = topk(x, k = 11);
        y
    }
}

fn main() {}
