//@ mend: pub Linear(width)
//@ to: pub Layer(width)

use nn::prelude::*;

block! {
    pub Linear(width) {
        act: ReLU,
        conv: Conv2d(width, width, 1),
    }
}

network! {
    pub struct Net: [4] -> [4] {
        fc: Linear(4, 4),
    }
}

fn main() {}
