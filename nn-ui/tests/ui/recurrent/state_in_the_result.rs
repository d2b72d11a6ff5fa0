//@ mend: let y = gru(x);
//@ to: let (y, _) = gru(x);

use nn::prelude::*;

network! {
    pub struct Reader: [4, 8] -> [4, 3] {
        gru: LSTM(8, 3),
    }
    forward(x) {
        let y = gru(x);
        y
    }
}

fn main() {}
