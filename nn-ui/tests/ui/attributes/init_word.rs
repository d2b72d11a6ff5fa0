//@ mend: nonlinearity = "rely"
//@ to: nonlinearity = "relu"

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(kaiming_normal, nonlinearity = "rely")]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
