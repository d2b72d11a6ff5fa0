//@ torch: 046
//@ mend: padding = 2
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AvgPool2d(3, padding = 2),
    }
}

fn main() {}
