//@ mend: MaxUnpool1d(2, 1, 2)
//@ to: MaxUnpool1d(2, 1, 1)

use nn::prelude::*;

network! {
    pub struct Net: ([2, 3], [[u32; 3]; 2]) {
        unpool: MaxUnpool1d(2, 1, 2),
    }
    forward(x, i) {
        unpool(x, i)
    }
}

fn main() {}
