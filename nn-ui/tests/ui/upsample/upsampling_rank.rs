//@ torch: 148
//@ mend: [3, 4]
//@ to: [3, 4, 4]

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        UpsamplingBilinear2d(scale_factor = 2),
    }
}

fn main() {}
