//@ mend: grid_sample(x, grid)
//@ to: grid_sample(unsqueeze(x, 1), grid)

use nn::prelude::*;

network! {
    pub struct Net: ([8, 8], [4, 4, 2]) {
    }
    forward(x, grid) {
        grid_sample(x, grid)
    }
}

fn main() {}
