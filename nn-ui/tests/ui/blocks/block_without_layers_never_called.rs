//@ mend: second: Square
//@ to: //

use nn::prelude::*;

block! {
    Square() {}
    forward(x) {
        x * x
    }
}

network! {
    pub struct Power: [4] -> [4] {
        first: Square,
        second: Square
    }
    forward(x) {
        first(x)
    }
}

fn main() {}
