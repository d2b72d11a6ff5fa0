//@ mend: softmax(fc(x))
//@ to: softmax(fc(x), dim = 1)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
    }
    forward(x) {
        softmax(fc(x))
    }
}

fn main() {}
