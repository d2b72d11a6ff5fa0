//@ torch: 026
//@ mend: output_padding = 3
//@ to: output_padding = 2

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, stride = 2, output_padding = 3, dilation = 3),
    }
}

fn main() {}
