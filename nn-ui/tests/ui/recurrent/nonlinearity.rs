//@ torch: 106
//@ mend: "sigmoid"
//@ to: "relu"

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] {
        rnn: RNN(4, 3, nonlinearity = "sigmoid"),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

fn main() {}
