//@ mend: fc(x)
//@ to: fc(second(x))

use nn::prelude::*;

block! { Pair(width) (Linear(width, width), ReLU, Linear(width, width)) }

network! {
    pub struct Net: [8] -> [8] {
        first: Pair(8),
        second: Pair(8),
        fc: Linear(8, 8),
    }
    forward(x) {
        let x = first(x);
        fc(x)
    }
}

fn main() {}
