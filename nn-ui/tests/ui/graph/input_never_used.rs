//@ mend: fc(a)
//@ to: fc(a) + b

use nn::prelude::*;

network! {
    pub struct Net: ([784], [10]) -> [10] {
        fc: Linear(784, 10),
    }
    forward(a, b) {
        fc(a)
    }
}

fn main() {}
