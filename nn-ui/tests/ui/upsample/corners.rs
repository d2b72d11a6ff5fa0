//@ torch: 145
//@ mend: "nearest"
//@ to: "bilinear"

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = 2, mode = "nearest", align_corners = true),
    }
}

fn main() {}
