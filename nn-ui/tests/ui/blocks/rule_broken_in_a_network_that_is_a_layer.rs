//@ mend: Linear(6, 7)
//@ to: Linear(5, 7)

use nn::prelude::*;

network! {
    pub struct Inner: [4] -> [7] (Linear(4, 5), ReLU, Linear(6, 7));
}

network! {
    pub struct Outer: [4] -> [2] { inner: Inner(), last: Linear(7, 2) }
}

fn main() {}
