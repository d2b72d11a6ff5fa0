//@ mend: inner: Nested(width),
//@ to: inner: Linear(width, width),

use nn::prelude::*;

block! {
    pub Nested(width) {
        outer: Linear(width, width),
        inner: Nested(width),
    }
}

fn main() {}
