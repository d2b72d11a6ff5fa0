//@ mend: crate: Linear
//@ to: fc: Linear

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        crate: Linear(4, 4),
    }
}

fn main() {}
