//@ torch: 139
//@ mend: [4, 4]
//@ to: [4, 4, 1]

use nn::prelude::*;

network! {
    pub struct Net: [4, 4] {
        PixelShuffle(2),
    }
}

fn main() {}
