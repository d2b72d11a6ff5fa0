//@ mend: usize::MAX
//@ to: 4

use nn::prelude::*;

const N: usize = usize::MAX;

network! {
    pub struct Net: [N, N] -> [4] {
        Flatten,
        Linear(_, 4),
    }
}

fn main() {}
