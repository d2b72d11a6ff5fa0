//@ torch: 016
//@ mend: padding = 9,
//@ to: padding = 8,

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] {
        conv: Conv2d(6, 8, 3, padding = 9, padding_mode = "circular"),
    }
}

fn main() {}
