//@ torch: 163a
//@ mend: LSTM(4, 3, dropout = 0.5)
//@ to: LSTM(4, 3, 2, dropout = 0.5)

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: LSTM(4, 3, dropout = 0.5),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
