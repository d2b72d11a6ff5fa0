//@ mend: [784] {}
//@ to: [784] { ReLU }

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [784] {}
}

fn main() {}
