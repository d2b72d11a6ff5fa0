//@ mend: 4294967296
//@ to: 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        Upsample(scale_factor = 4294967296),
        Conv2d(3, 4, 3),
    }
}

fn main() {}
