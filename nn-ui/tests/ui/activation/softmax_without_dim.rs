//@ torch: 160a
//@ mend: Softmax
//@ to: Softmax(1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        Softmax,
    }
}

fn main() {}
