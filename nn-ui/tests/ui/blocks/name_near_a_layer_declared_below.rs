//@ mend: [8] (Cell(8))
//@ to: [8] (self::Cell(8))

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] (Cell(8));
}

block! { Cell(width) { fc: Linear(width, width), act: ReLU } }

fn main() {}
