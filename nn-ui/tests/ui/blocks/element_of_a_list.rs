//@ mend: Residual(8), Residual(4)
//@ to: Residual(8), Residual(8)

use nn::prelude::*;

block! {
    pub Residual(width, kernel = 3) {
        conv1: Conv2d(width, width, kernel, padding = kernel / 2),
        conv2: Conv2d(width, width, 3, padding = 1),
    }
    forward(x) {
        relu(x + conv2(relu(conv1(x))))
    }
}

network! {
    pub struct Net: [8, 16, 16] -> [8, 16, 16] {
        stem: Conv2d(8, 8, 3, padding = 1),
        body: [Residual(8), Residual(4)],
    }
}

fn main() {}
