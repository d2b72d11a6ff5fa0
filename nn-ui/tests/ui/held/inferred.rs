//@ mend: Parameter(_)
//@ to: Parameter(4)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(_),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
