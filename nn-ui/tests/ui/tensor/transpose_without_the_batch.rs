//@ mend: transpose(x, 0, 1)
//@ to: transpose(x, 1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] -> [4, 3] {
        relu: ReLU,
    }
    forward(x) {
        relu(transpose(x, 0, 1))
    }
}

fn main() {}
