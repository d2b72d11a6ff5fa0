//@ mend: Parameter(5)
//@ to: Parameter(4)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] -> [3, 4] {
        scale: Parameter(5),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
