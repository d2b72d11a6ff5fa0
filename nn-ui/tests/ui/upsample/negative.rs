//@ mend: -2.0
//@ to: 2.0

use nn::prelude::*;

network! {
    pub struct Net: [3, 3, 3] {
        Upsample(scale_factor = -2.0),
    }
}

fn main() {}
