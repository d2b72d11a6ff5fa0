//@ mend: sum(x, dim = (1, 3))
//@ to: sum(x, dim = (1, 2))

use nn::prelude::*;

network! {
    pub struct Pool: [3, 4] {}
    forward(x) {
        sum(x, dim = (1, 3))
    }
}

fn main() {}
