//@ mend: 99999999999999999999999
//@ to: 8

use nn::prelude::*;

network! {
    pub struct Net: [4] {
        Linear(4, 99999999999999999999999),
    }
}

fn main() {}
