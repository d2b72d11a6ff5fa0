//@ mend: InstanceNorm1d
//@ to: InstanceNorm2d

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        InstanceNorm1d(3),
    }
}

fn main() {}
