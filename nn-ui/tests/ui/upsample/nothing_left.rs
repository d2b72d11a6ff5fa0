//@ torch: 147
//@ mend: 0.2
//@ to: 0.4

use nn::prelude::*;

network! {
    pub struct Net: [3, 3, 3] {
        Upsample(scale_factor = 0.2),
    }
}

fn main() {}
