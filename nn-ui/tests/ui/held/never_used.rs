//@ mend: offset: Parameter(4),
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(4),
        offset: Parameter(4),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
