//@ mend: stack([a, b])
//@ to: stack([a, b], dim = 1)

use nn::prelude::*;

network! {
    pub struct Pile: ([2, 3], [2, 3]) -> [2, 2, 3] {}
    forward(a, b) {
        stack([a, b])
    }
}

fn main() {}
