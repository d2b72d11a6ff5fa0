//@ mend: Parameter(1, 1, 1, 1, 1, 1, 4)
//@ to: Parameter(4)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(1, 1, 1, 1, 1, 1, 4),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
