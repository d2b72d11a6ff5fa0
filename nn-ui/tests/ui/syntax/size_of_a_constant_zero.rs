//@ mend: WIDTH: usize = 0
//@ to: WIDTH: usize = 28

use nn::prelude::*;

const WIDTH: usize = 0;

network! {
    pub struct LeNet5: [1, 28, WIDTH] {
        conv1: Conv2d(1, 6, 5),
        ReLU,
    }
}

fn main() {}
