//@ torch: 020
//@ mend: groups = 3
//@ to: groups = 2

use nn::prelude::*;

network! {
    pub struct Signal: [4, 64] -> [6, 60] {
        conv: Conv1d(4, 6, 5, groups = 3),
    }
}

fn main() {}
