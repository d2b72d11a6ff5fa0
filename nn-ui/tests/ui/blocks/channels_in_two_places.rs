//@ mend: Same(8)
//@ to: Same(4)

use nn::prelude::*;

block! {
    pub Same(width) {
        Conv2d(width, width, 3, padding = 1),
        ReLU,
    }
}

network! {
    pub struct Net: [4, 8, 8] {
        Same(8),
    }
}

fn main() {}
