//@ mend: x[..., 0]
//@ to: select(x, 2, 0)

use nn::prelude::*;

network! {
    pub struct Net: [5, 4] -> [5] {}
    forward(x) {
        x[..., 0]
    }
}

fn main() {}
