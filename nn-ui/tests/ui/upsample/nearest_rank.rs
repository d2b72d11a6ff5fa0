//@ mend: [3]
//@ to: [1, 3]

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        Upsample(scale_factor = 2),
    }
}

fn main() {}
