//@ torch: 168a
//@ mend: BatchNorm1d(16)
//@ to: BatchNorm1d(4)

use nn::prelude::*;

network! {
    pub struct Signal: [4, 16] -> [4, 16] {
        bn: BatchNorm1d(16),
    }
}

fn main() {}
