//@ torch: 032
//@ mend: output_size = (13, 13)
//@ to: output_size = (12, 12)

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, stride = 2),
    }
    forward(x) {
        up(x, output_size = (13, 13))
    }
}

fn main() {}
