//@ mend: 1 << 21, 1 << 21
//@ to: 1 << 21, 1

use nn::prelude::*;

network! {
    pub struct Net: [1 << 21] {
        Linear(1 << 21, 1 << 21),
    }
}

fn main() {}
