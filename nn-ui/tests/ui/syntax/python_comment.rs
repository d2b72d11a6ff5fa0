//@ mend: # hidden
//@ to: // hidden

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        # hidden
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
