//@ mend: Net: [5]
//@ to: Net: [u32; 5]

use nn::prelude::*;

network! {
    pub struct Net: [5] {
    }
    forward(m) {
        additive_mask(m)
    }
}

fn main() {}
