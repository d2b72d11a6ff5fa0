//@ mend: ConvTranspose2d(4, 6, 3, 1, 0, 1, 1)
//@ to: ConvTranspose2d(4, 6, 3, 1, 0, 0, 1)

use nn::prelude::*;

network! {
    pub struct Decoder: [4, 5, 5] -> [6, 7, 7] {
        up: ConvTranspose2d(4, 6, 3, 1, 0, 1, 1),
    }
}

fn main() {}
