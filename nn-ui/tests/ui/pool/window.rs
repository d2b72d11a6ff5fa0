//@ torch: 038
//@ mend: MaxPool2d(8)
//@ to: MaxPool2d(7)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(8),
    }
}

fn main() {}
