//@ mend: (x > 0.0) & (x < 1.0)
//@ to: logical_and(x > 0.0, x < 1.0)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {}
    forward(x) {
        where((x > 0.0) & (x < 1.0), x, 2.0 * x)
    }
}

fn main() {}
