//@ mend: output_size = 3
//@ to: output_size = 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4, 4] {
        FractionalMaxPool3d(2, output_size = 3),
    }
}

fn main() {}
