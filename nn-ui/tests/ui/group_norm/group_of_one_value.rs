//@ torch: 088
//@ mend: (4, 4)
//@ to: (2, 4)

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        GroupNorm(4, 4),
    }
}

fn main() {}
