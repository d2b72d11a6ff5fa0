//@ errors: 2
//@ mend: fc3(
//@ to: fc2(
//@ mend: F.relu(h)
//@ to: relu(h)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = fc1(x);
        let h = F.relu(h);
        fc3(h)
    }
}

fn main() {}
