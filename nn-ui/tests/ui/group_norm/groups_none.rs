//@ mend: (0, 6)
//@ to: (1, 6)

use nn::prelude::*;

network! {
    pub struct Net: [6, 3] {
        GroupNorm(0, 6),
    }
}

fn main() {}
