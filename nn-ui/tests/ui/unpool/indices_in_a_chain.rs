//@ mend: , return_indices = true
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        conv: Conv2d(3, 4, 3),
        pool: MaxPool2d(2, return_indices = true),
    }
}

fn main() {}
