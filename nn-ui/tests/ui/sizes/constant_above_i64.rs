//@ mend: usize::MAX
//@ to: 1

use nn::prelude::*;

const P: usize = usize::MAX;

network! {
    pub struct Net: [1, 8] {
        Conv1d(1, 1, 3, padding = P),
    }
}

fn main() {}
