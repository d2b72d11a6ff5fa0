//@ mend: LazyLinear(3)
//@ to: Linear(_, 3)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [3] {
        fc: LazyLinear(3),
    }
}

fn main() {}
