//@ torch: 103
//@ mend: , proj_size = 2
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: GRU(4, 3, proj_size = 2),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
