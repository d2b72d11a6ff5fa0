//@ mend: relu(h);
//@ to: let h = relu(h);

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = fc1(x);
        relu(h);
        fc2(h)
    }
}

fn main() {}
