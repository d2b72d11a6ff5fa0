//@ mend: mean(x, dim = 0)
//@ to: mean(x, dim = 1)

use nn::prelude::*;

network! {
    pub struct Pool: [3, 4] -> [4] {}
    forward(x) {
        mean(x, dim = 0)
    }
}

fn main() {}
