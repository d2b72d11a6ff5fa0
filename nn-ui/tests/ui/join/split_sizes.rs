//@ mend: split(x, (2, 3), dim = 1)
//@ to: split(x, (2, 4), dim = 1)

use nn::prelude::*;

network! {
    pub struct Parts: [6] -> ([2], [4]) {}
    forward(x) {
        let (a, b) = split(x, (2, 3), dim = 1);
        (a, b)
    }
}

fn main() {}
