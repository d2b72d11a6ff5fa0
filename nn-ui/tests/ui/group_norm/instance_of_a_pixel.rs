//@ torch: 083
//@ mend: [3, 1, 1]
//@ to: [3, 1, 2]

use nn::prelude::*;

network! {
    pub struct Net: [3, 1, 1] {
        InstanceNorm2d(3),
    }
}

fn main() {}
