//@ mend: 1.0
//@ to: 0.5

use nn::prelude::*;

network! {
    pub struct Net: [3, 6, 6] {
        FractionalMaxPool2d(2, output_ratio = 1.0),
    }
}

fn main() {}
