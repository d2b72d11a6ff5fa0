//@ mend: fc1(h)
//@ to: fc1(x)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let y = fc1(h);
        let h = relu(y);
        fc2(h)
    }
}

fn main() {}
