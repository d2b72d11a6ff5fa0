//@ mend: lstm(x, h)
//@ to: lstm(x, (h, h))

use nn::prelude::*;

network! {
    pub struct Net: ([7, 4], [1, 3]) -> [7, 3] {
        lstm: LSTM(4, 3),
    }
    forward(x, h) {
        let (y, _) = lstm(x, h);
        y
    }
}

fn main() {}
