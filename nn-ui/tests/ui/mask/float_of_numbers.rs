//@ mend: float(fc(x))
//@ to: fc(x)
//! `float` makes numbers of indices.
use nn::prelude::*;

network! {
    struct Net: [4] -> [4] { fc: Linear(4, 4) }
    forward(x) { float(fc(x)) }
}

fn main() {}
