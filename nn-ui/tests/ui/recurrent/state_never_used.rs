//@ mend: let (y, h)
//@ to: let (y, _)

use nn::prelude::*;

network! {
    pub struct Reader: [4, 8] -> [4, 3] {
        lstm: LSTM(8, 3),
    }
    forward(x) {
        let (y, h) = lstm(x);
        y
    }
}

fn main() {}
