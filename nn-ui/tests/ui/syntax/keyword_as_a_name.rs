//@ mend: type: Linear
//@ to: r#type: Linear

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        type: Linear(128, 10),
    }
}

fn main() {}
