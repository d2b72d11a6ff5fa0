//@ mend: init(sparse)
//@ to: init(sparse, sparsity = 0.25)

use nn::prelude::*;

network! {
    pub struct Thin: [8] -> [4] {
        #[init(sparse)]
        fc: Linear(8, 4),
    }
}

fn main() {}
