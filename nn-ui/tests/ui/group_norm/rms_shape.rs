//@ mend: RMSNorm(6)
//@ to: RMSNorm(5)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        RMSNorm(6),
    }
}

fn main() {}
