//@ mend: LSTM(4, 3),
//@ to: Linear(4, 3),

use nn::prelude::*;

network! {
    pub struct Net: [7, 4] -> [7, 2] {
        LSTM(4, 3),
        Linear(3, 2),
    }
}

fn main() {}
