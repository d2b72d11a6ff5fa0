//@ mend: Deep(LAYERS)
//@ to: Deep(2)

use nn::prelude::*;

const LAYERS: usize = 2;

block! {
    Deep(layers) {}
    forward(x) {
        if 1 < layers && layers != 4 { relu(x) } else { x }
    }
}

network! {
    pub struct Net: [8] -> [8] (Deep(LAYERS));
}

fn main() {}
