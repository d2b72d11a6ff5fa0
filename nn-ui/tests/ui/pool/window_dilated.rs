//@ torch: 039
//@ mend: dilation = 4
//@ to: dilation = 3

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(3, dilation = 4),
    }
}

fn main() {}
