//@ torch: 102
//@ mend: proj_size = 3
//@ to: proj_size = 2

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: LSTM(4, 3, proj_size = 3),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
