//@ torch: 061
//@ mend: (5, 0)
//@ to: (4, 0)

use nn::prelude::*;

network! {
    pub struct Net: [2, 4] {
        CircularPad1d((5, 0)),
    }
}

fn main() {}
