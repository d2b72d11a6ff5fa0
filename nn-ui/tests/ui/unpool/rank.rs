//@ mend: [2, 3]
//@ to: [2, 3, 3]
//@ mend: [[u32; 3]; 2]
//@ to: [[[u32; 3]; 3]; 2]

use nn::prelude::*;

network! {
    pub struct Net: ([2, 3], [[u32; 3]; 2]) {
        unpool: MaxUnpool2d(2),
    }
    forward(x, i) {
        unpool(x, i)
    }
}

fn main() {}
