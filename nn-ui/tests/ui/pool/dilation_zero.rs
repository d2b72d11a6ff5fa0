//@ torch: 041
//@ mend: dilation = 0
//@ to: dilation = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        MaxPool2d(2, dilation = 0),
    }
}

fn main() {}
