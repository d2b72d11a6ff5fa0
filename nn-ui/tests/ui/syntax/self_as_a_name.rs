//@ mend: self: Linear
//@ to: fc: Linear

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        self: Linear(4, 4),
    }
}

fn main() {}
