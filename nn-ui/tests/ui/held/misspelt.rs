//@ mend: ons(4)
//@ to: ones(4)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(ons(4)),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
