//@ mend: (1, 1, 1, 1, 1, 1, 1, 1, 1)
//@ to: (1, 1, 1, 1, 1, 1, 1, 1)
//@ mend: let (a, b, c, d, e, f, g, h, i)
//@ to: let (a, b, c, d, e, f, g, h)
//@ mend: g + h + i
//@ to: g + h
//@ mend: [9]
//@ to: [8]
//! A function gives at most eight values.

use nn::prelude::*;

network! {
    struct Net: [9] -> [1] {}
    forward(x) {
        let (a, b, c, d, e, f, g, h, i) = split(x, (1, 1, 1, 1, 1, 1, 1, 1, 1), dim = 1);
        a + b + c + d + e + f + g + h + i
    }
}

fn main() {}
