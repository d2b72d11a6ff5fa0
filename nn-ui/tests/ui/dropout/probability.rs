//@ torch: 095
//@ mend: 1.1
//@ to: 0.1

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        Dropout(1.1),
    }
}

fn main() {}
