//@ torch: 009
//@ mend: padding = -1
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 8, 8] {
        conv: Conv2d(6, 8, 3, padding = -1),
    }
}

fn main() {}
