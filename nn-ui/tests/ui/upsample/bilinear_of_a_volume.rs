//@ torch: 142
//@ mend: "bilinear"
//@ to: "trilinear"

use nn::prelude::*;

network! {
    pub struct Net: [3, 2, 4, 4] {
        Upsample(scale_factor = 2, mode = "bilinear"),
    }
}

fn main() {}
