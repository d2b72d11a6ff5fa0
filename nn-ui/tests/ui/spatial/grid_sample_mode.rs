//@ mend: mode = "trilinear"
//@ to: mode = "bilinear"

use nn::prelude::*;

network! {
    pub struct Net: ([1, 4, 8, 8], [4, 4, 4, 3]) {
    }
    forward(x, grid) {
        grid_sample(x, grid, mode = "trilinear")
    }
}

fn main() {}
