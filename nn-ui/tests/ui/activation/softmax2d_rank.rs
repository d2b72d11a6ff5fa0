//@ torch: 094
//@ mend: Softmax2d
//@ to: Softmax(1)

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        Softmax2d,
    }
}

fn main() {}
