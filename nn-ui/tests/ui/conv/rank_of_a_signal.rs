//@ torch: 022
//@ mend: Conv1d(2, 4, 3)
//@ to: Conv2d(2, 4, 3)

use nn::prelude::*;

network! {
    pub struct Net: [2, 6, 8] {
        conv: Conv1d(2, 4, 3),
    }
}

fn main() {}
