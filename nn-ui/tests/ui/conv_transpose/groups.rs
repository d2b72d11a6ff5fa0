//@ torch: 029
//@ mend: groups = 4
//@ to: groups = 2

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, groups = 4),
    }
}

fn main() {}
