//@ mend: x.t()
//@ to: transpose(x, 1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] -> [3, 4] {}
    forward(x) {
        x.t()
    }
}

fn main() {}
