//@ mend: Both(9)
//@ to: Both(8)

use nn::prelude::*;

block! {
    Both(width) {
        a: Linear(width, 4),
        b: Linear(width, 4),
        norm: LayerNorm(4),
    }
    forward(x) {
        norm(a(x) + b(x))
    }
}

network! {
    pub struct Net: [4, 8] -> [4, 4] (Both(9));
}

fn main() {}
