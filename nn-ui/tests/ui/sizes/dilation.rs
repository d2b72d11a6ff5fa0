//@ mend: 9223372036854775808
//@ to: 2

use nn::prelude::*;

network! {
    pub struct Net: [1, 8] {
        Conv1d(1, 1, 3, dilation = 9223372036854775808),
    }
}

fn main() {}
