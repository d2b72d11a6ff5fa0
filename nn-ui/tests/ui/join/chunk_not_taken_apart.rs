//@ mend: let parts = chunk(x, 2, dim = 1);
//@ to: let (parts, _) = chunk(x, 2, dim = 1);

use nn::prelude::*;

network! {
    pub struct Parts: [6] -> [3] {}
    forward(x) {
        let parts = chunk(x, 2, dim = 1);
        relu(parts)
    }
}

fn main() {}
