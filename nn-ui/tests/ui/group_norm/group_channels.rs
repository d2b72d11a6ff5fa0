//@ torch: 087
//@ mend: 6)
//@ to: 4)

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] {
        GroupNorm(2, 6),
    }
}

fn main() {}
