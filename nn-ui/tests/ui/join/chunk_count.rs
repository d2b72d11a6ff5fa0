//@ mend: let (a, b, c) = chunk(x, 3, dim = 1);
//@ to: let (a, b, c, _) = chunk(x, 4, dim = 1);

use nn::prelude::*;

network! {
    pub struct Parts: [4] -> [1] {}
    forward(x) {
        let (a, b, c) = chunk(x, 3, dim = 1);
        a + b + c
    }
}

fn main() {}
