//@ mend: let spare =
//@ to: let _ =

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        fc2: Linear(128, 10),
    }
    forward(x) {
        let h = fc1(x);
        let spare = relu(h);
        fc2(h)
    }
}

fn main() {}
