//@ mend: usize::MAX
//@ to: 4

use nn::prelude::*;

const N: usize = usize::MAX;

network! {
    pub struct Net: [4] -> [N] {
        Linear(4, 4),
    }
}

fn main() {}
