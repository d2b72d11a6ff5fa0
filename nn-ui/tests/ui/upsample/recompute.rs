//@ mend: true
//@ to: false

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(size = 8, recompute_scale_factor = true),
    }
}

fn main() {}
