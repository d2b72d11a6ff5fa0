//@ mend: x + (1.0 + 2.0) - (3.0 * 2.0)
//@ to: x + (1.0 + 2.0) - 3.0 * 2.0

use nn::prelude::*;

network! {
    pub struct Shift: [8] -> [8] {}
    forward(x) {
        x + (1.0 + 2.0) - (3.0 * 2.0)
    }
}

fn main() {}
