//@ mend: fc-1:
//@ to: fc_1:

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc-1: Linear(8, 8),
        fc_2: Linear(8, 8),
    }
}

fn main() {}
