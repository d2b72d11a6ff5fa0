//@ torch: 047
//@ mend: divisor_override = 0
//@ to: divisor_override = 3

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AvgPool2d(2, divisor_override = 0),
    }
}

fn main() {}
