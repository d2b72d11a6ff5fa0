//@ mend: usize::MAX
//@ to: 2

use nn::prelude::*;

const K: usize = usize::MAX;

network! {
    pub struct Net: [1, 8, 8] {
        MaxPool2d((2, K)),
        Flatten,
        Linear(16, 4),
    }
}

fn main() {}
