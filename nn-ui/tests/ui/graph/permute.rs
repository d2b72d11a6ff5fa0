//@ mend: permute(x, (0, 2, 2))
//@ to: permute(x, (0, 2, 1))

use nn::prelude::*;

network! {
    pub struct Turn: [3, 4] -> [4, 3] {}
    forward(x) {
        permute(x, (0, 2, 2))
    }
}

fn main() {}
