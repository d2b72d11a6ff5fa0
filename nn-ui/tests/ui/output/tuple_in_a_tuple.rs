//@ mend: (class(h), (place(h), h))
//@ to: (class(h), place(h), h)

use nn::prelude::*;

network! {
    pub struct Detector: [784] -> ([10], [4], [64]) {
        fc: Linear(784, 64),
        class: Linear(64, 10),
        place: Linear(64, 4),
    }
    forward(x) {
        let h = relu(fc(x));
        (class(h), (place(h), h))
    }
}

fn main() {}
