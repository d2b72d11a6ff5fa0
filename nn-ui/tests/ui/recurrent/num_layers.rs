//@ torch: 104
//@ mend: num_layers = 0
//@ to: num_layers = 2

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: RNN(4, 3, num_layers = 0),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
