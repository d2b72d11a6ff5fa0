//@ mend: fc1(x)
//@ to: fc1(x);

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = fc1(x)
        fc2(h)
    }
}

fn main() {}
