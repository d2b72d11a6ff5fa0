//@ mend: LPPool2d
//@ to: LPPool1d

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        LPPool2d(2, 2),
    }
}

fn main() {}
