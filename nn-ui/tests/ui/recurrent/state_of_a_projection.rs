//@ torch: 101
//@ mend: ([7, 4], [1, 3], [1, 3])
//@ to: ([7, 4], [1, 2], [1, 3])

use nn::prelude::*;

network! {
    pub struct Net: ([7, 4], [1, 3], [1, 3]) -> [7, 2] {
        rnn: LSTM(4, 3, proj_size = 2),
    }
    forward(x, h, c) {
        let (y, _) = rnn(x, (h, c));
        y
    }
}

fn main() {}
