//@ mend: y.T
//@ to: transpose(y, 1, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 8] -> [8, 3] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let y = fc(x);
        y.T
    }
}

fn main() {}
