//@ torch: 024
//@ mend: Conv3d(3, 3, 2)
//@ to: Conv3d(2, 3, 2)

use nn::prelude::*;

network! {
    pub struct Scan: [2, 4, 4, 4] -> [3, 3, 3, 3] {
        conv: Conv3d(3, 3, 2),
    }
}

fn main() {}
