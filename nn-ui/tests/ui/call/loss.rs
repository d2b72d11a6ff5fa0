//@ mend: cross_entropy(fc(x), y)
//@ to: fc(x) + y

use nn::prelude::*;

network! {
    pub struct Net: ([4], [3]) {
        fc: Linear(4, 3),
    }
    forward(x, y) {
        cross_entropy(fc(x), y)
    }
}

fn main() {}
