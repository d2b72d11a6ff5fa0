//@ errors: 2
//@ mend: Linear(5, 4)
//@ to: Linear(3, 4)
//@ mend: Linear(6, 4)
//@ to: Linear(3, 4)

use nn::prelude::*;

network! {
    pub struct First: [3] -> [4] {
        fc: Linear(5, 4),
    }
}

network! {
    pub struct Second: [3] -> [4] {
        fc: Linear(6, 4),
    }
}

fn main() {}
