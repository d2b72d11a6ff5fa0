//@ mend: [Linear(width, width), Linear(width, width)]
//@ to: [Linear(width, width)]

use nn::prelude::*;

block! {
    Part(width, deep) {
        a: Linear(width, width),
        b: [Linear(width, width), Linear(width, width)],
    }
    forward(x) {
        if deep { b[0](a(x)) } else { a(x) }
    }
}

network! {
    pub struct Net: [8] -> [8] {
        Part(8, false),
        Part(8, true),
    }
}

fn main() {}
