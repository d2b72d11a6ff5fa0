//@ torch: 043
//@ mend: 2d(2)
//@ to: 1d(2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] {
        MaxPool2d(2),
    }
}

fn main() {}
