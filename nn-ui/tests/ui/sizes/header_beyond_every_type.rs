//@ mend: 99999999999999999999999
//@ to: 4

use nn::prelude::*;

network! {
    pub struct Net: [99999999999999999999999] {
        ReLU,
    }
}

fn main() {}
