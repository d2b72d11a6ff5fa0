//@ mend: (y, indices) =
//@ to: (y, _) =

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        pool: MaxPool2d(2, return_indices = true),
    }
    forward(x) {
        let (y, indices) = pool(x);
        y
    }
}

fn main() {}
