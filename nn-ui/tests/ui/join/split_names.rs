//@ mend: let (a, b) = split(x, 2, dim = 1);
//@ to: let (a, b) = split(x, 3, dim = 1);

use nn::prelude::*;

network! {
    pub struct Parts: [6] {}
    forward(x) {
        let (a, b) = split(x, 2, dim = 1);
        a + b
    }
}

fn main() {}
