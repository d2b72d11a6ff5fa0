//@ mend: eps = -1e-5
//@ to: eps = 1e-5

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] {
        norm: GroupNorm(2, 4, eps = -1e-5),
    }
}

fn main() {}
