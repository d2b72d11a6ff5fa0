//@ torch: 105
//@ mend: GRU(4, 0)
//@ to: GRU(4, 3)

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: GRU(4, 0),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
