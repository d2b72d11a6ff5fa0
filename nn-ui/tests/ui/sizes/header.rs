//@ mend: 4294967296, 4294967296
//@ to: 4, 4

use nn::prelude::*;

network! {
    pub struct Net: [4294967296, 4294967296] {
        Flatten,
        Linear(16, 4),
    }
}

fn main() {}
