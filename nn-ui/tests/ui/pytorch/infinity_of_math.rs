//@ mend: -math.inf
//@ to: f64::NEG_INFINITY

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {}
    forward(x) {
        masked_fill(x, x > 0.0, -math.inf)
    }
}

fn main() {}
