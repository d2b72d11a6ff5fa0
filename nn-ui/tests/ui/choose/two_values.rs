//@ mend: max(x, 1) * 2.0
//@ to: amax(x, 1) * 2.0

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] {
    }
    forward(x) {
        max(x, 1) * 2.0
    }
}

fn main() {}
