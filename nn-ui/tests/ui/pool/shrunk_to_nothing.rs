//@ torch: 071
//@ mend: MaxPool2d(4)
//@ to: MaxPool2d(1)

use nn::prelude::*;

network! {
    pub struct Net: [1, 4, 4] {
        MaxPool2d(2),
        MaxPool2d(2),
        MaxPool2d(4),
    }
}

fn main() {}
