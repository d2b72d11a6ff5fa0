//@ mend: clamp(x)
//@ to: clamp(x, min = 0.0)

use nn::prelude::*;

network! {
    pub struct Net: [3] { }
    forward(x) {
        clamp(x)
    }
}

fn main() {}
