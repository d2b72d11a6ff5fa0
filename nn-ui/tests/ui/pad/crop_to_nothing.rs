//@ torch: 170a
//@ mend: (-1, -2)
//@ to: (-1, -1)

use nn::prelude::*;

network! {
    pub struct Net: [2, 3] {
        ConstantPad1d((-1, -2), 0.0),
    }
}

fn main() {}
