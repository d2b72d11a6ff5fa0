//@ mend: Linear(10, 9), Tanh
//@ to: Linear(10, 8), Tanh

use nn::prelude::*;

network! {
    pub struct Encoder: [8] -> [3] (Linear(_, 3), Tanh);
}

network! {
    pub struct Whole: [10] -> [3] {
        first: [Linear(10, 9), Tanh],
        encoder: net(Encoder),
    }
}

fn main() {}
