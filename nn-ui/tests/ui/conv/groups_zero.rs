//@ torch: 006
//@ mend: groups = 0
//@ to: groups = 1

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 6, 6] {
        conv: Conv2d(6, 8, 3, groups = 0),
    }
}

fn main() {}
