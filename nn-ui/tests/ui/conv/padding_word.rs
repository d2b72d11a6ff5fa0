//@ torch: 013
//@ mend: "full"
//@ to: "valid"

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 6, 6] {
        conv: Conv2d(6, 8, 3, padding = "full"),
    }
}

fn main() {}
