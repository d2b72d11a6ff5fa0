//@ torch: 108
//@ mend: dropout = 1.5
//@ to: dropout = 0.5

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: LSTM(4, 3, 2, dropout = 1.5),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
