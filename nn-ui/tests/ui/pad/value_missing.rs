//@ mend: 1d(2)
//@ to: 1d(2, 0.5)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] {
        ConstantPad1d(2),
    }
}

fn main() {}
