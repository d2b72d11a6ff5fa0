//@ torch: 137
//@ mend: PixelShuffle(2)
//@ to: PixelShuffle(3)

use nn::prelude::*;

network! {
    pub struct Net: [9, 4, 4] {
        PixelShuffle(2),
    }
}

fn main() {}
