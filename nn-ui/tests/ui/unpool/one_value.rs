//@ mend: unpool(y)
//@ to: unpool(y, indices)
//@ mend: (y, _indices)
//@ to: (y, indices)

use nn::prelude::*;

network! {
    pub struct Net: [2, 6, 6] {
        pool: MaxPool2d(2, return_indices = true),
        unpool: MaxUnpool2d(2),
    }
    forward(x) {
        let (y, _indices) = pool(x);
        unpool(y)
    }
}

fn main() {}
