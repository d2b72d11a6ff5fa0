//@ torch: 027
//@ mend: output_padding = 1
//@ to: output_padding = 0

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, output_padding = 1),
    }
}

fn main() {}
