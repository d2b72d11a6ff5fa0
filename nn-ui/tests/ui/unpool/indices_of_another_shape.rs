//@ torch: 055
//@ mend: (unpool(y, j), z, i)
//@ to: (unpool(y, i), z, j)

use nn::prelude::*;

network! {
    pub struct Net: [2, 6, 6] {
        pool: MaxPool2d(2, return_indices = true),
        wide: MaxPool2d((2, 1), return_indices = true),
        unpool: MaxUnpool2d(2),
    }
    forward(x) {
        let (y, i) = pool(x);
        let (z, j) = wide(x);
        (unpool(y, j), z, i)
    }
}

fn main() {}
