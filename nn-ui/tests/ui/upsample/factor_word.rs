//@ mend: (2, true)
//@ to: (2, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = (2, true)),
    }
}

fn main() {}
