//@ torch: 140
//@ mend: size = 8, 
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        up: Upsample(size = 8, scale_factor = 2),
    }
}

fn main() {}
