//@ mend: return fc2(h);
//@ to: fc2(h)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = relu(fc1(x));
        return fc2(h);
    }
}

fn main() {}
