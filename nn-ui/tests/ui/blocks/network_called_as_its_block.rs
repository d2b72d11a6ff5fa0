//@ mend: pub struct Small: [8]
//@ to: pub struct Net: [8]

use nn::prelude::*;

block! { Small(width) (Linear(width, width), ReLU) }

network! {
    pub struct Small: [8] -> [8] (Small(8), Linear(8, 8));
}

fn main() {}
