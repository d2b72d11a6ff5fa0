//@ mend: x ** 3
//@ to: pow(x, 3)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {}
    forward(x) {
        x ** 3
    }
}

fn main() {}
