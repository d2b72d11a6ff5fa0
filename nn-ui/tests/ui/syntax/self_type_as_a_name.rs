//@ mend: Self: Linear
//@ to: fc: Linear

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        Self: Linear(4, 4),
    }
}

fn main() {}
