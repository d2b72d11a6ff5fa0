//@ mend: let z =
//@ to: let _z =

use nn::prelude::*;

block! {
    pub Branches(width, skip) {
        a: Linear(width, width),
    }
    forward(x) {
        let y = a(x);
        let z = if skip { relu(y) } else { tanh(y) };
        y
    }
}

fn main() {}
