//@ mend: "cubic"
//@ to: "bicubic"

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = 2, mode = "cubic"),
    }
}

fn main() {}
