//@ torch: 044
//@ mend: padding = 3
//@ to: padding = 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 9] {
        MaxPool1d(4, padding = 3),
    }
}

fn main() {}
