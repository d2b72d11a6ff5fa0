//@ mend: relu(conv1(x))
//@ to: relu(conv2(conv1(x)))

use nn::prelude::*;

block! {
    pub Pair(width) {
        conv1: Conv2d(width, width, 3, padding = 1),
        conv2: Conv2d(width, width, 3, padding = 1),
    }
    forward(x) {
        relu(conv1(x))
    }
}

fn main() {}
