//@ mend: let y = gru(x);
//@ to: let (y, _) = gru(x);

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] -> [7, 3] {
        gru: GRU(4, 3),
        fc: Linear(3, 3),
    }
    forward(x) {
        let y = gru(x);
        fc(y)
    }
}

fn main() {}
