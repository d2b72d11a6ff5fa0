//@ mend: stride = 0
//@ to: stride = 2

use nn::prelude::*;

network! {
    pub struct Net: ([2, 3, 3], [[[u32; 3]; 3]; 2]) {
        unpool: MaxUnpool2d(2, stride = 0),
    }
    forward(x, i) {
        unpool(x, i)
    }
}

fn main() {}
