//@ mend: , return_indices = true
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        FractionalMaxPool2d(2, 2, return_indices = true),
    }
}

fn main() {}
