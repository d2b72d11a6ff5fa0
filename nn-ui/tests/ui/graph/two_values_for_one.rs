//@ mend: fc(x, x)
//@ to: fc(x)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 10),
    }
    forward(x) {
        fc(x, x)
    }
}

fn main() {}
