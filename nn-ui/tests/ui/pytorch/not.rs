//@ mend: !(x > 0.0)
//@ to: logical_not(x > 0.0)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {}
    forward(x) {
        where(!(x > 0.0), x, 2.0 * x)
    }
}

fn main() {}
