//@ torch: 075
//@ mend: Flatten(3, 1)
//@ to: Flatten(1, 3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] -> [48] {
        Flatten(3, 1),
    }
}

fn main() {}
