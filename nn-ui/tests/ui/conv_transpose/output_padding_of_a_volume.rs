//@ torch: 035
//@ mend: output_padding = (0, 1, 1)
//@ to: output_padding = (0, 1, 0)

use nn::prelude::*;

network! {
    pub struct Net: [4, 2, 3, 3] {
        up: ConvTranspose3d(4, 6, 3, stride = (1, 2, 1), output_padding = (0, 1, 1)),
    }
}

fn main() {}
