//@ mend: _: Linear
//@ to: fc: Linear

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        _: Linear(4, 4),
    }
}

fn main() {}
