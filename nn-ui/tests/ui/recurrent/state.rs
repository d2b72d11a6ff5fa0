//@ torch: 099
//@ mend: ([7, 4], [2, 3], [1, 3])
//@ to: ([7, 4], [1, 3], [1, 3])

use nn::prelude::*;

network! {
    pub struct Net: ([7, 4], [2, 3], [1, 3]) -> [7, 3] {
        rnn: LSTM(4, 3),
    }
    forward(x, h, c) {
        let (y, _) = rnn(x, (h, c));
        y
    }
}

fn main() {}
