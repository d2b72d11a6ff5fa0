//@ mend: (class(h), place(h))
//@ to: class(h)

use nn::prelude::*;

network! {
    pub struct Detector: [784] -> [10] {
        fc: Linear(784, 64),
        class: Linear(64, 10),
        place: Linear(64, 4),
    }
    forward(x) {
        let h = relu(fc(x));
        let _ = place(h);
        (class(h), place(h))
    }
}

fn main() {}
