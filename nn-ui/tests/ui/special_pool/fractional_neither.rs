//@ mend: 2d(2)
//@ to: 2d(2, 3)

use nn::prelude::*;

network! {
    pub struct Net: [3, 6, 6] {
        FractionalMaxPool2d(2),
    }
}

fn main() {}
