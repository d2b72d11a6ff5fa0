//@ mend: 1 << 40
//@ to: 4

use nn::prelude::*;

const N: usize = 1 << 40;

network! {
    pub struct Net: ([N], [N]) {
        relu: ReLU,
    }
    forward(a, b) {
        relu(cat([a, b], dim = 1))
    }
}

fn main() {}
