//@ mend: ConvTranspose1d(4
//@ to: ConvTranspose2d(4

use nn::prelude::*;

network! {
    pub struct Decoder: [4, 5, 5] {
        up: ConvTranspose1d(4, 6, 3),
    }
}

fn main() {}
