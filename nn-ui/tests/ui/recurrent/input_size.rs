//@ torch: 098
//@ mend: LSTM(4, 3)
//@ to: LSTM(5, 3)

use nn::prelude::*;

network! {
    pub struct Net: [7, 5] -> [7, 3] {
        rnn: LSTM(4, 3),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
