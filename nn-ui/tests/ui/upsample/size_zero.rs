//@ mend: (4, 0)
//@ to: (4, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 3, 3] {
        Upsample(size = (4, 0)),
    }
}

fn main() {}
