//@ mend: let scale
//@ to: let y
//@ mend: relu(scale)
//@ to: relu(y)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(4),
    }
    forward(x) {
        let scale = x * scale;
        relu(scale)
    }
}

fn main() {}
