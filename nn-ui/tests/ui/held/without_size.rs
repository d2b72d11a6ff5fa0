//@ mend: Parameter,
//@ to: Parameter(4),

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter,
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
