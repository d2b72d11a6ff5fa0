//@ mend: WIDTH: u8
//@ to: WIDTH: usize

use nn::prelude::*;

const WIDTH: u8 = 5;

network! {
    pub struct LeNet5: [1, 28, 28] -> [6, 26, 24] {
        conv1: Conv2d(1, 6, (3, WIDTH)),
        ReLU,
    }
}

fn main() {}
