//@ mend: let fc1 = fc1(x);
//@ to: let h = fc1(x); let x = h;

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [784] {
        fc1: Linear(784, 784),
    }
    forward(x) {
        let fc1 = fc1(x);
        relu(x)
    }
}

fn main() {}
