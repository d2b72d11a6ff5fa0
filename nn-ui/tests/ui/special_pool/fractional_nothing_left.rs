//@ mend: 0.1
//@ to: 0.25

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] {
        FractionalMaxPool2d(2, output_ratio = 0.1),
    }
}

fn main() {}
