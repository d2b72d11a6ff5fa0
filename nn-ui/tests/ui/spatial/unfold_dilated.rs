//@ mend: dilation = 2
//@ to: dilation = 1

use nn::prelude::*;

network! {
    pub struct Net: [2, 4, 4] {
        Unfold(3, dilation = 2),
    }
}

fn main() {}
