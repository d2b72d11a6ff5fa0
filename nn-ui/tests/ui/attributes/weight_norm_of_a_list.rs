//@ mend: #[weight_norm] layers: [Linear(4, 3)
//@ to: layers: [Linear(4, 3)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [3] {
        #[weight_norm] layers: [Linear(4, 3), ReLU],
    }
}

fn main() {}
