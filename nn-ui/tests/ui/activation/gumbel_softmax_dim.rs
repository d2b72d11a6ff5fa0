//@ mend: dim = 2
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Net: [10] -> [10] {
    }
    forward(x) {
        gumbel_softmax(x, hard = true, dim = 2)
    }
}

fn main() {}
