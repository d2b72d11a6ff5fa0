//@ mend: init = true
//@ to: init = 0.5

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        act: PReLU(init = true),
    }
}

fn main() {}
