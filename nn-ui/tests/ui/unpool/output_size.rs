//@ torch: 056
//@ mend: (8, 6)
//@ to: (7, 6)

use nn::prelude::*;

network! {
    pub struct Net: [2, 6, 6] {
        pool: MaxPool2d(2, return_indices = true),
        unpool: MaxUnpool2d(2),
    }
    forward(x) {
        let (y, indices) = pool(x);
        unpool(y, indices, output_size = (8, 6))
    }
}

fn main() {}
