//@ mend: x[0]
//@ to: x

use nn::prelude::*;

network! {
    pub struct First: [8] -> [8] {}
    forward(x) {
        relu(x[0])
    }
}

fn main() {}
