//@ torch: 138
//@ mend: [2, 3, 4]
//@ to: [2, 4, 4]

use nn::prelude::*;

network! {
    pub struct Net: [2, 3, 4] {
        PixelUnshuffle(2),
    }
}

fn main() {}
