//@ torch: 040
//@ mend: stride = 0
//@ to: stride = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(2, stride = 0),
    }
}

fn main() {}
