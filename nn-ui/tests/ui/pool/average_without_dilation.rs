//@ mend: AvgPool2d(2, dilation = 2)
//@ to: AvgPool2d(2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        pool: AvgPool2d(2, dilation = 2),
    }
}

fn main() {}
