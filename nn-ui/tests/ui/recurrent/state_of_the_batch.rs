//@ torch: 100 109
//@ mend: ([5, 4], [5, 3])
//@ to: ([5, 4], [1, 3])

use nn::prelude::*;

network! {
    pub struct Net: ([5, 4], [5, 3]) -> [5, 3] {
        rnn: GRU(4, 3, batch_first = true),
    }
    forward(x, h) {
        let (y, _) = rnn(x, h);
        y
    }
}

fn main() {}
