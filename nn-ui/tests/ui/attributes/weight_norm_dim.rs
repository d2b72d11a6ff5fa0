//@ mend: dim = 1
//@ to: dim = 0

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [3] {
        #[weight_norm(dim = 1)] fc: Linear(4, 3),
    }
}

fn main() {}
