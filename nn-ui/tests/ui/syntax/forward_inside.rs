//@ mend: forward(x) { fc1(x) }
//@ to:

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 10),
        forward(x) { fc1(x) }
    }
}

fn main() {}
