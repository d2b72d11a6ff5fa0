//@ torch: 143
//@ mend: "linear"
//@ to: "bilinear"

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = 2, mode = "linear"),
    }
}

fn main() {}
