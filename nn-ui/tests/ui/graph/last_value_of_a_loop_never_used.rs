//@ mend: sum // all
//@ to: sum + h
//! The last round of a loop gives a value that nobody takes.

use nn::prelude::*;

block! {
    Skip(c) { fc: Linear(c, c) }
    forward(x) {
        let h = tanh(fc(x));
        (x + h, h)
    }
}

network! {
    struct Net: [4] -> [4] { layers: [Skip(4); 3] }
    forward(x) {
        let h = x;
        let sum = 0.0 * x;
        for layer in layers {
            let (next, skip) = layer(h);
            h = next;
            sum = sum + skip;
        }
        sum // all
    }
}

fn main() {}
