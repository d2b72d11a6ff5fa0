//@ mend: (16, 4)
//@ to: (4, 16)

use nn::prelude::*;

network! {
    pub struct Net: [16, 8, 8] {
        GroupNorm(16, 4),
    }
}

fn main() {}
