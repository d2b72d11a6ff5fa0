//@ mend: (4, 3, 8, 8)
//@ to: (-1, 3, 8, 8)

use nn::prelude::*;

network! {
    pub struct Net: [2, 3] -> [8, 8, 2] {
    }
    forward(theta) {
        affine_grid(theta, (4, 3, 8, 8))
    }
}

fn main() {}
