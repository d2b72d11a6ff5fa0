//@ torch: 031
//@ mend: 2d(4, 6
//@ to: 2d(5, 6

use nn::prelude::*;

network! {
    pub struct Net: [5, 5, 5] {
        up: ConvTranspose2d(4, 6, 3),
    }
}

fn main() {}
