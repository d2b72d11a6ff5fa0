//@ torch: 021
//@ mend: Conv1d(1, 4, 6)
//@ to: Conv1d(1, 4, 5)

use nn::prelude::*;

network! {
    pub struct Signal: [1, 5] -> [4] {
        conv: Conv1d(1, 4, 6),
        Flatten,
    }
}

fn main() {}
