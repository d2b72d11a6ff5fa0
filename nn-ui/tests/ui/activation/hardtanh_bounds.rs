//@ torch: 097
//@ mend: max_val = 1.0
//@ to: max_val = 2.0

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        Linear(5, 3),
        Hardtanh(1.0, max_val = 1.0),
    }
}

fn main() {}
