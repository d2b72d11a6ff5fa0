//@ mend: Padded("same")
//@ to: Padded(2)

use nn::prelude::*;

block! {
    Padded(padding) {}
    forward(x) {
        if padding > 0 { relu(x) } else { x }
    }
}

network! {
    pub struct Net: [8] -> [8] (Padded("same"));
}

fn main() {}
