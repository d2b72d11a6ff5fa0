//@ mend: grid_sample(x, grid)
//@ to: grid_sample(x, permute(grid, (0, 2, 3, 1)))

use nn::prelude::*;

network! {
    pub struct Net: ([3, 8, 8], [2, 4, 4]) -> [3, 4, 4] {
    }
    forward(x, grid) {
        grid_sample(x, grid)
    }
}

fn main() {}
