//@ mend: y[0]
//@ to: select(y, 1, 0)

use nn::prelude::*;

network! {
    pub struct Net: [3, 8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let y = fc(x);
        y[0]
    }
}

fn main() {}
