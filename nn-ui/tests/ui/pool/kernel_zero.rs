//@ torch: 042
//@ mend: MaxPool2d(0)
//@ to: MaxPool2d(1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(0),
    }
}

fn main() {}
