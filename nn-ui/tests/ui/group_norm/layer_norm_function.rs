//@ mend: layer_norm(x, (4,))
//@ to: layer_norm(x, (5,))

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] -> [3, 5] {
    }
    forward(x) {
        layer_norm(x, (4,))
    }
}

fn main() {}
