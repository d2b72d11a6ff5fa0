//@ mend: rellu(y)
//@ to: relu(y)

use nn::prelude::*;

block! {
    pub Branches(width, skip) {
        a: Linear(width, width),
    }
    forward(x) {
        let y = a(x);
        if skip { y + x } else { rellu(y) }
    }
}

fn main() {}
