//@ mend: 0.5, 0.25
//@ to: 0.25, 0.5

use nn::prelude::*;

network! {
    pub struct Net: [10] -> [10] {
    }
    forward(x) {
        rrelu(x, 0.5, 0.25)
    }
}

fn main() {}
