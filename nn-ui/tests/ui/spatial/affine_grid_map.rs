//@ mend: (-1, 1, 4, 8, 8)
//@ to: (-1, 1, 8, 8)

use nn::prelude::*;

network! {
    pub struct Net: [2, 3] {
    }
    forward(theta) {
        affine_grid(theta, (-1, 1, 4, 8, 8))
    }
}

fn main() {}
