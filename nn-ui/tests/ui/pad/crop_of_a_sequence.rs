//@ torch: 064
//@ mend: -3
//@ to: -1

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        ConstantPad1d(-3, 0.0),
    }
}

fn main() {}
