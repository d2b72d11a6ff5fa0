//@ mend: Conv2d(64, 128, 3, padding = 1)
//@ to: Conv2d(64, 64, 3, padding = 1)

use nn::prelude::*;

network! {
    pub struct Residual: [64, 56, 56] -> [10] {
        conv1: Conv2d(64, 64, 3, padding = 1),
        conv2: Conv2d(64, 128, 3, padding = 1),
        fc: Linear(64, 10),
    }
    forward(x) {
        let h = relu(x + conv2(relu(conv1(x))));
        let h = mean(h, dim = (2, 3));
        fc(cat([h], dim = 1))
    }
}

fn main() {}
