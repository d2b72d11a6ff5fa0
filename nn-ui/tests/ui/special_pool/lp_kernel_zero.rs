//@ mend: (2, 0)
//@ to: (2, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        LPPool1d(2, 0),
    }
}

fn main() {}
