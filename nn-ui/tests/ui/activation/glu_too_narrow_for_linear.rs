//@ mend: Linear(8, 2)
//@ to: Linear(4, 2)

use nn::prelude::*;

network! {
    pub struct Net: [8] {
        GLU,
        Linear(8, 2),
    }
}

fn main() {}
