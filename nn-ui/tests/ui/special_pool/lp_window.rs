//@ mend: (2, 5)
//@ to: (2, 4)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        LPPool2d(2, 5),
    }
}

fn main() {}
