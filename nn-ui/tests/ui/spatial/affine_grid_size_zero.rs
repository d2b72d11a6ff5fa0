//@ mend: (-1, 3, 0, 8)
//@ to: (-1, 3, 8, 8)

use nn::prelude::*;

network! {
    pub struct Net: [2, 3] {
    }
    forward(theta) {
        affine_grid(theta, (-1, 3, 0, 8))
    }
}

fn main() {}
