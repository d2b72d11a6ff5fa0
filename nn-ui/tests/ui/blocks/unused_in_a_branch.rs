//@ mend: if skip { let z = a(x); y }
//@ to: if skip { let z = a(x); y + z }

use nn::prelude::*;

block! {
    pub Branches(width, skip) {
        a: Linear(width, width),
    }
    forward(x) {
        let y = a(x);
        if skip { let z = a(x); y } else { y + x }
    }
}

fn main() {}
