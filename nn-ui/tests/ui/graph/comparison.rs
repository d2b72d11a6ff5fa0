//@ mend: x > 0.0
//@ to: x - 0.0

use nn::prelude::*;

network! {
    pub struct Mask: [8] -> [8] {}
    forward(x) {
        x > 0.0
    }
}

fn main() {}
