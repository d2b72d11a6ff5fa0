//@ mend: (-1, 4, 2)
//@ to: (-1, 3, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 1] { }
    forward(x) {
        expand(x, (-1, 4, 2))
    }
}

fn main() {}
