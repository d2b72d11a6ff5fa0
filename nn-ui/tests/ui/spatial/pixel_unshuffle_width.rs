//@ mend: [2, 4, 7]
//@ to: [2, 4, 8]

use nn::prelude::*;

network! {
    pub struct Net: [2, 4, 7] {
        PixelUnshuffle(2),
    }
}

fn main() {}
