//@ mend: transpose(x, 1, 3)
//@ to: transpose(x, 1, 2)

use nn::prelude::*;

network! {
    pub struct Turn: [3, 4] -> [4, 3] {}
    forward(x) {
        transpose(x, 1, 3)
    }
}

fn main() {}
