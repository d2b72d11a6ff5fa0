//@ torch: 161a
//@ mend: Dropout2d
//@ to: Dropout1d

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        Dropout2d(0.5),
    }
}

fn main() {}
