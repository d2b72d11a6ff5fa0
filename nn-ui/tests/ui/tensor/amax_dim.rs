//@ mend: x, 3
//@ to: x, 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        amax(x, 3)
    }
}

fn main() {}
