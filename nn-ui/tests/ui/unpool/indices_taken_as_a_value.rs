//@ mend: let y = pool(x)
//@ to: let (y, _indices) = pool(x)

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        pool: MaxPool2d(2, return_indices = true),
        conv: Conv2d(3, 4, 3),
    }
    forward(x) {
        let y = pool(x);
        conv(y)
    }
}

fn main() {}
