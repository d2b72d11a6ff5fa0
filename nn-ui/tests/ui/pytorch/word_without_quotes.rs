//@ mend: = same
//@ to: = "same"

use nn::prelude::*;

network! {
    pub struct Net: [1, 4, 4] -> [2, 4, 4] {
        conv: Conv2d(1, 2, 3, padding = same),
    }
}

fn main() {}
