//@ torch: 152
//@ mend: MaxPool2d(2)
//@ to: Identity

use nn::prelude::*;

network! {
    pub struct Skip: [8, 16, 16] -> [24, 16, 16] {
        conv: Conv2d(8, 16, 3, padding = 1),
        pool: MaxPool2d(2),
    }
    forward(x) {
        cat([x, pool(conv(x))], dim = 1)
    }
}

fn main() {}
