//@ mend: let fc =
//@ to: let y =
//@ mend: relu(fc)
//@ to: relu(y)

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let fc = fc(x);
        relu(fc)
    }
}

fn main() {}
