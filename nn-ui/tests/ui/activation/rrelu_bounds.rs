//@ mend: (0.5, 0.25)
//@ to: (0.25, 0.5)

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        RReLU(0.5, 0.25),
    }
}

fn main() {}
