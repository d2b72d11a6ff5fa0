//@ mend: [1]
//@ to: u32

use nn::prelude::*;

network! {
    pub struct Net: [10] -> [1] {
        fc: Linear(10, 4),
    }
    forward(x) {
        argmax(fc(x), 1)
    }
}

fn main() {}
