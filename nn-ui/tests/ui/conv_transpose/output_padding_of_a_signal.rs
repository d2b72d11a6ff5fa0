//@ torch: 034
//@ mend: output_padding = 3
//@ to: output_padding = 2

use nn::prelude::*;

network! {
    pub struct Net: [4, 5] {
        up: ConvTranspose1d(4, 6, 3, stride = 3, output_padding = 3),
    }
}

fn main() {}
