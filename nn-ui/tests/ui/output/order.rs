//@ mend: (place(h), class(h))
//@ to: (class(h), place(h))
//@ errors: 2

use nn::prelude::*;

network! {
    pub struct Detector: [784] -> ([10], [4]) {
        fc: Linear(784, 64),
        class: Linear(64, 10),
        place: Linear(64, 4),
    }
    forward(x) {
        let h = relu(fc(x));
        (place(h), class(h))
    }
}

fn main() {}
