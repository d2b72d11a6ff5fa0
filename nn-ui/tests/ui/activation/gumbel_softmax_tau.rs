//@ mend: tau = 0.0
//@ to: tau = 0.1

use nn::prelude::*;

network! {
    pub struct Net: [10] -> [10] {
    }
    forward(x) {
        gumbel_softmax(x, tau = 0.0)
    }
}

fn main() {}
