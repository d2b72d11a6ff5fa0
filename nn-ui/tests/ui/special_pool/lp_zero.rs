//@ mend: (0, 2)
//@ to: (1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        LPPool2d(0, 2),
    }
}

fn main() {}
