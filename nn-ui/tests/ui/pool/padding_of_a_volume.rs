//@ torch: 045
//@ mend: padding = 2
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 5, 5, 5] {
        MaxPool3d(3, padding = 2),
    }
}

fn main() {}
