//@ torch: 164a
//@ mend: (5)
//@ to: (3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        norm: InstanceNorm2d(5),
    }
}

fn main() {}
