//@ mend: 100000000
//@ to: 2

use nn::prelude::*;

network! {
    pub struct Net: [1, 8, 8] {
        Conv2d(1, 8, 3, padding = 100000000),
    }
}

fn main() {}
