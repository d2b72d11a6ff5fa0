//@ torch: 015
//@ mend: padding = 8,
//@ to: padding = 7,

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] {
        conv: Conv2d(6, 8, 3, padding = 8, padding_mode = "reflect"),
    }
}

fn main() {}
