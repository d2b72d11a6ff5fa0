//@ mend: Parameter(0, 4)
//@ to: Parameter(1, 4)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] -> [3, 4] {
        scale: Parameter(0, 4),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
