//@ torch: 059
//@ mend: 1d(4)
//@ to: 1d(3)

use nn::prelude::*;

network! {
    pub struct Net: [2, 4] {
        ReflectionPad1d(4),
    }
}

fn main() {}
