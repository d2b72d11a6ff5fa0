//@ mend: (8,)
//@ to: (8, 8)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        Upsample((8,)),
    }
}

fn main() {}
