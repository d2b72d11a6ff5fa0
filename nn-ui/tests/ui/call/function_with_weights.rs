//@ mend: conv2d(x, w)
//@ to: conv(x + w)

use nn::prelude::*;

network! {
    pub struct Net: ([3, 8, 8], [3, 8, 8]) {
        conv: Conv2d(3, 2, 3),
    }
    forward(x, w) {
        let _y = conv(x);
        conv2d(x, w)
    }
}

fn main() {}
