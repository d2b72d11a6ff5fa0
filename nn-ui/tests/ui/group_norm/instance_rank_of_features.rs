//@ mend: InstanceNorm1d
//@ to: BatchNorm1d

use nn::prelude::*;

network! {
    pub struct Net: [8] {
        norm: InstanceNorm1d(8),
    }
}

fn main() {}
