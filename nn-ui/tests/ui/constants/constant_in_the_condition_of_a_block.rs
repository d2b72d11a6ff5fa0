//@ mend: if 2 * LAYERS > 3
//@ to: if 2 * 2 > 3

use nn::prelude::*;

const LAYERS: usize = 2;

block! {
    Deep() {}
    forward(x) {
        if 2 * LAYERS > 3 { relu(x) } else { x }
    }
}

network! {
    pub struct Net: [8] -> [8] (Deep, Deep);
}

fn main() {}
