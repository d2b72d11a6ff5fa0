//@ torch: 141
//@ mend: mode
//@ to: scale_factor = 2, mode

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        up: Upsample(mode = "nearest"),
    }
}

fn main() {}
