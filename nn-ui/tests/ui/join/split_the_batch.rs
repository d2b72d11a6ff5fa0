//@ mend: split(x, 3)
//@ to: split(x, 3, dim = 1)

use nn::prelude::*;

network! {
    pub struct Parts: [6] -> [3] {}
    forward(x) {
        let (a, b) = split(x, 3);
        a + b
    }
}

fn main() {}
