//@ mend: , requires_grad = false
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(4, requires_grad = false),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
