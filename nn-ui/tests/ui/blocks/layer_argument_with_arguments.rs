//@ mend: Linear(8, 8))
//@ to: Linear)

use nn::prelude::*;

block! { Dense(width, kind) { fc: kind(width, width) } }
block! { Two(width, kind) { a: Dense(width, kind), b: Dense(width, kind) } }

network! {
    pub struct Net: [8] -> [8] (Two(8, Linear(8, 8)));
}

fn main() {}
