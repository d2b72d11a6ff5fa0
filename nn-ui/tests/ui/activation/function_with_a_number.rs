//@ mend: relu(fc(x), 0.1)
//@ to: leaky_relu(fc(x), 0.1)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
    }
    forward(x) {
        relu(fc(x), 0.1)
    }
}

fn main() {}
