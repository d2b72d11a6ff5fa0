//@ mend: (-4, 5)
//@ to: (-3, 5)

use nn::prelude::*;

network! {
    pub struct Net: [2, 3] {
        ConstantPad1d((-4, 5), 1.0),
    }
}

fn main() {}
