//@ torch: 069
//@ mend: MaxPool2d(2),
//@ to: MaxPool2d(2), Flatten,

use nn::prelude::*;

network! {
    pub struct Net: [2, 8, 8] -> [5] {
        MaxPool2d(2),
        fc: Linear(2 * 4 * 4, 5),
    }
}

fn main() {}
