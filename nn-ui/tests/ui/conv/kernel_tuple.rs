//@ torch: 019
//@ mend: (3, 3, 3)
//@ to: (3, 3)

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [16, 6, 6] {
        conv: Conv2d(6, 16, (3, 3, 3)),
    }
}

fn main() {}
