//@ torch: 023
//@ mend: (2, 5, 2)
//@ to: (2, 4, 2)

use nn::prelude::*;

network! {
    pub struct Scan: [2, 4, 4, 4] -> [3, 3, 1, 3] {
        conv: Conv3d(2, 3, (2, 5, 2)),
    }
}

fn main() {}
