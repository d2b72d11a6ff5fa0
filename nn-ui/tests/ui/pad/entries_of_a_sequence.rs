//@ mend: (1, 1, 0, 0)
//@ to: (1, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] {
        ZeroPad1d((1, 1, 0, 0)),
    }
}

fn main() {}
