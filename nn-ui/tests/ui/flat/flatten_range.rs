//@ mend: Flatten(1, 4)
//@ to: Flatten(1, 3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] -> [48] {
        Flatten(1, 4),
    }
}

fn main() {}
