//@ torch: 086
//@ mend: (4, 6)
//@ to: (3, 6)

use nn::prelude::*;

network! {
    pub struct Net: [6, 3] {
        GroupNorm(4, 6),
    }
}

fn main() {}
