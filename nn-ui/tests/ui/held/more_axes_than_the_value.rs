//@ mend: Parameter(3, 4)
//@ to: Parameter(4)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        pos: Parameter(3, 4),
    }
    forward(x) {
        x + pos
    }
}

fn main() {}
