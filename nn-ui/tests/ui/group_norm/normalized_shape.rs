//@ torch: 089
//@ mend: (3, 5)
//@ to: (4, 5)

use nn::prelude::*;

network! {
    pub struct Net: [4, 5] {
        LayerNorm((3, 5)),
    }
}

fn main() {}
