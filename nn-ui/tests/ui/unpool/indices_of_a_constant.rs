//@ mend: return_indices = INDICES
//@ to: return_indices = true

use nn::prelude::*;

const INDICES: bool = true;

network! {
    pub struct Net: [3, 8, 8] {
        pool: MaxPool2d(2, return_indices = INDICES),
    }
    forward(x) {
        let (y, indices) = pool(x);
        (y, indices)
    }
}

fn main() {}
