//@ torch: 162a
//@ mend: Dropout2d
//@ to: Dropout

use nn::prelude::*;

network! {
    pub struct Net: [6] {
        Dropout2d(0.5),
    }
}

fn main() {}
