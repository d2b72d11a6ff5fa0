//@ mend: t == x
//@ to: float(t) == x
//! Indices are compared with indices, numbers with numbers.

use nn::prelude::*;

network! {
    struct Net: ([u32; 6], [6]) -> [u32; 6] {}
    forward(t, x) {
        t == x
    }
}

fn main() {}
