//@ mend: fc(1.0)
//@ to: fc(x)

use nn::prelude::*;

network! {
    pub struct Mlp: [784] -> [10] {
        fc: Linear(784, 10),
    }
    forward(x) {
        let _ = x;
        fc(1.0)
    }
}

fn main() {}
