//@ mend: let (a, b) = relu(x);
//@ to: let (a, b) = (relu(x), x);

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {}
    forward(x) {
        let (a, b) = relu(x);
        a + b
    }
}

fn main() {}
