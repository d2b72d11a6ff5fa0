//@ mend: Head(4)
//@ to: Head(2)

use nn::prelude::*;

block! {
    pub Head(width) {
        Flatten,
        Linear(width * 6 * 6, 10),
    }
}

network! {
    pub struct Net: [2, 6, 6] -> [10] {
        Head(4),
    }
}

fn main() {}
