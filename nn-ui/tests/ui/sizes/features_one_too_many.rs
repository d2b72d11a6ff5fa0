//@ mend: 1099511627777
//@ to: 8

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        Linear(4, 1099511627777),
        ReLU,
    }
}

fn main() {}
