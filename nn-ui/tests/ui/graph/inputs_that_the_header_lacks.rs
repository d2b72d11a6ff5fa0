//@ mend: forward(x, y)
//@ to: forward(x)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 10),
    }
    forward(x, y) {
        fc(x)
    }
}

fn main() {}
