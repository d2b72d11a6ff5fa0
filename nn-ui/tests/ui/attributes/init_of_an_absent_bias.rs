//@ mend: #[init(bias: zeros)]
//@ to:

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        #[init(bias: zeros)]
        fc: Linear(784, 10, bias = false),
    }
}

fn main() {}
