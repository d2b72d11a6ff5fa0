//@ mend: PixelShuffle(0)
//@ to: PixelShuffle(2)

use nn::prelude::*;

network! {
    pub struct Net: [4, 4, 4] {
        PixelShuffle(0),
    }
}

fn main() {}
