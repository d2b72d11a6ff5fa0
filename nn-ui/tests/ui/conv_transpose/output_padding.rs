//@ torch: 025
//@ mend: output_padding = 2
//@ to: output_padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, stride = 2, output_padding = 2),
    }
}

fn main() {}
