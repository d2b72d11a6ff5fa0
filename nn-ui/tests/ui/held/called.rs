//@ mend: scale(x)
//@ to: x * scale

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(4),
    }
    forward(x) {
        scale(x)
    }
}

fn main() {}
