//@ torch: 062
//@ mend: (1, 1, 0, 5)
//@ to: (1, 1, 0, 4)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 5] {
        CircularPad2d((1, 1, 0, 5)),
    }
}

fn main() {}
