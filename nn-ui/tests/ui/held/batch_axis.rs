//@ mend: Parameter(2, 4, batch_axis
//@ to: Parameter(1, 4, batch_axis

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        pos: Parameter(2, 4, batch_axis = true),
    }
    forward(x) {
        x + pos
    }
}

fn main() {}
