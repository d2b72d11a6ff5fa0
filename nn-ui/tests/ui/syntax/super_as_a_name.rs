//@ mend: super: Linear
//@ to: fc: Linear

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        super: Linear(4, 4),
    }
}

fn main() {}
