//@ mend: x * (x > 0.0)
//@ to: masked_fill(x, x <= 0.0, 0.0)

use nn::prelude::*;

network! {
    pub struct Net: [4] {
    }
    forward(x) {
        x * (x > 0.0)
    }
}

fn main() {}
