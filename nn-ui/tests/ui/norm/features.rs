//@ torch: 076
//@ mend: (4)
//@ to: (3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        BatchNorm2d(4),
    }
}

fn main() {}
