//@ mend: Sequential(Linear(8, 4), ReLU)
//@ to: [Linear(8, 4), ReLU]

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [4] {
        layers: Sequential(Linear(8, 4), ReLU),
    }
}

fn main() {}
