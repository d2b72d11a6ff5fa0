//@ mend: flatten(x)
//@ to: flatten(x, 1)

use nn::prelude::*;

network! {
    pub struct Flat: [3, 4] -> [12] {}
    forward(x) {
        flatten(x)
    }
}

fn main() {}
