//@ mend: #[weight_norm] ReLU
//@ to: ReLU

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [3] {
        fc: Linear(4, 3),
        #[weight_norm] ReLU,
    }
}

fn main() {}
