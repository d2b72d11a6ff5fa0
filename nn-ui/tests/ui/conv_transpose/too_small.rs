//@ torch: 030
//@ mend: padding = 4
//@ to: padding = 2

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, padding = 4),
    }
}

fn main() {}
