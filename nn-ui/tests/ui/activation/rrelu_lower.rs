//@ mend: lower = 0.5
//@ to: lower = 0.25

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        act: RReLU(lower = 0.5),
    }
}

fn main() {}
