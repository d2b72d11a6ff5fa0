//@ mend: Deep(width = 8)
//@ to: Deep(width = 8, layers = 3)

use nn::prelude::*;

const LAYERS: usize = 3;

block! {
    Deep(width, layers = LAYERS) {
        all: [Linear(width, width); layers],
    }
    forward(x) {
        if layers > 2 { relu(all(x)) } else { all(x) }
    }
}

network! {
    pub struct Net: [8] -> [8] (Deep(width = 8));
}

fn main() {}
