//@ torch: 036
//@ mend: padding = 2
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(3, padding = 2),
    }
}

fn main() {}
