//@ mend: full(4)
//@ to: full(4, 0.5)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(full(4)),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
