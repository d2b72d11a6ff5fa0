//@ mend: x[-1]
//@ to: select(x, 1, -1)

use nn::prelude::*;

network! {
    pub struct Net: [5, 4] -> [4] {}
    forward(x) {
        x[-1]
    }
}

fn main() {}
