//@ mend: (-3, 3)
//@ to: (-2, 3)

use nn::prelude::*;

network! {
    pub struct Net: [2, 5] {
        CircularPad1d((-3, 3)),
    }
}

fn main() {}
