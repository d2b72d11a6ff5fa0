//@ mend: output_size = (4, 4)
//@ to: output_size = (5, 5)

use nn::prelude::*;

network! {
    pub struct Net: [2, 5, 5] {
        pool: MaxPool2d(2, return_indices = true),
        unpool: MaxUnpool2d(2),
    }
    forward(x) {
        let (y, indices) = pool(x);
        unpool(y, indices, output_size = (4, 4))
    }
}

fn main() {}
