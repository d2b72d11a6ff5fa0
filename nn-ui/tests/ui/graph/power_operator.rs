//@ mend: x ** 2
//@ to: x * x

use nn::prelude::*;

network! {
    pub struct Square: [8] -> [8] {}
    forward(x) {
        x ** 2
    }
}

fn main() {}
