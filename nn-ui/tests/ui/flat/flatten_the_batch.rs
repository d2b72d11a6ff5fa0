//@ mend: start_dim = 0
//@ to: start_dim = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] -> [48] {
        Flatten(start_dim = 0),
    }
}

fn main() {}
