//@ torch: 110
//@ mend: ([5], [3], [3])
//@ to: ([4], [3], [3])

use nn::prelude::*;

network! {
    pub struct Net: ([5], [3], [3]) -> ([3], [3]) {
        rnn: LSTMCell(4, 3),
    }
    forward(x, h, c) {
        let (h, c) = rnn(x, (h, c));
        (h, c)
    }
}

fn main() {}
