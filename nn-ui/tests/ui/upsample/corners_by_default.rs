//@ mend: , align_corners = false
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample(scale_factor = 2, align_corners = false),
    }
}

fn main() {}
