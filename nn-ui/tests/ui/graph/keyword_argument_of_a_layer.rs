//@ mend: fc(input = x)
//@ to: fc(x)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 10),
    }
    forward(x) {
        fc(input = x)
    }
}

fn main() {}
