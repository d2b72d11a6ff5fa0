//@ torch: 049
//@ mend: padding = 2
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] {
        AvgPool1d(2, padding = 2),
    }
}

fn main() {}
