//@ torch: 090
//@ mend: [4, 5]
//@ to: [4, 6]

use nn::prelude::*;

network! {
    pub struct Net: [4, 5] {
        GLU,
    }
}

fn main() {}
