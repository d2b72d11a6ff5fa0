//@ torch: 091
//@ mend: (4)
//@ to: (3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        PReLU(4),
    }
}

fn main() {}
