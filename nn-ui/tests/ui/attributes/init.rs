//@ mend: kaiming_norml
//@ to: kaiming_normal

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(kaiming_norml)]
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
