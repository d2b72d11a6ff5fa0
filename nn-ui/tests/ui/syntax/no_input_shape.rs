//@ mend: Mlp {
//@ to: Mlp: [784] {

use nn::prelude::*;

network! {
    pub struct Mlp {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
