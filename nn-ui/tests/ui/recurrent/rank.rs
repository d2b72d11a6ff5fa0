//@ torch: 107
//@ mend: [2, 7, 4]
//@ to: [7, 4]

use nn::prelude::*;

network! {
    pub struct Net: [2, 7, 4] {
        rnn: LSTM(4, 3),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
