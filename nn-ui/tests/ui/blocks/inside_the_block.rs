//@ mend: Conv2d(4, width, 3, padding = 1)
//@ to: Conv2d(width, width, 3, padding = 1)

use nn::prelude::*;

block! {
    pub Residual(width) {
        conv1: Conv2d(width, width, 3, padding = 1),
        conv2: Conv2d(4, width, 3, padding = 1),
    }
    forward(x) {
        x + conv2(relu(conv1(x)))
    }
}

network! {
    pub struct Net: [8, 16, 16] -> [8, 16, 16] {
        body: Residual(8),
    }
}

fn main() {}
