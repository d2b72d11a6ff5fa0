//@ torch: 144
//@ mend: "trilinear"
//@ to: "bilinear"

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = 2, mode = "trilinear"),
    }
}

fn main() {}
