//@ mend: (0.5, 0.5, 0.5)
//@ to: (0.5, 0.5)

use nn::prelude::*;

network! {
    pub struct Net: [3, 6, 6] {
        FractionalMaxPool2d(2, output_ratio = (0.5, 0.5, 0.5)),
    }
}

fn main() {}
