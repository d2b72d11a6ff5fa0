//@ mend: [4, 3, 5]
//@ to: [3, 5]

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        LayerNorm([4, 3, 5]),
    }
}

fn main() {}
