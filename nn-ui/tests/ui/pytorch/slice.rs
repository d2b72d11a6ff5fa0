//@ mend: x[:, 0]
//@ to: select(x, 1, 0)

use nn::prelude::*;

network! {
    pub struct Net: [5, 4] -> [4] {}
    forward(x) {
        x[:, 0]
    }
}

fn main() {}
