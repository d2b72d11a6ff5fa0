//@ torch: 096
//@ mend: -0.1
//@ to: 0.1

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5] {
        Dropout2d(-0.1),
    }
}

fn main() {}
