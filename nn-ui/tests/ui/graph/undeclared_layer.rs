//@ mend: Linear(128, 10)(h)
//@ to: fc2(h)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = relu(fc1(x));
        Linear(128, 10)(h)
    }
}

fn main() {}
