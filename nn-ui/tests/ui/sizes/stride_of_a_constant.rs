//@ mend: usize::MAX
//@ to: 2

use nn::prelude::*;

const S: usize = usize::MAX;

network! {
    pub struct Net: [1, 8] {
        Conv1d(1, 1, 3, stride = S),
    }
}

fn main() {}
