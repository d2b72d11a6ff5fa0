//@ torch: 111
//@ mend: ([4], [4])
//@ to: ([4], [3])

use nn::prelude::*;

network! {
    pub struct Net: ([4], [4]) -> [3] {
        rnn: GRUCell(4, 3),
    }
    forward(x, h) {
        rnn(x, h)
    }
}

fn main() {}
