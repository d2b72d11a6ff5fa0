//@ mend: paddin = 1
//@ to: padding = 1

use nn::prelude::*;

block! {
    pub Down(width) (Conv2d(width, width, 3, paddin = 1), ReLU)
}

fn main() {}
