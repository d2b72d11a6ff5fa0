//@ torch: 048
//@ mend: AvgPool2d((8, 1))
//@ to: AvgPool2d((7, 1))

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AvgPool2d((8, 1)),
    }
}

fn main() {}
