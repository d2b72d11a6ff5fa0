//@ mend: forward(x) {}
//@ to: forward(x) { fc(x) }

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 10),
    }
    forward(x) {}
}

fn main() {}
