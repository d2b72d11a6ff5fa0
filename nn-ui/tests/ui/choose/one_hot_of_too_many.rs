//@ mend: num_classes = 9
//@ to: num_classes = 10

use nn::prelude::*;

network! {
    pub struct Net: [10] {
    }
    forward(x) {
        one_hot(argmax(x, 1), num_classes = 9)
    }
}

fn main() {}
