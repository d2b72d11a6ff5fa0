//@ mend: Dropout(50)
//@ to: Dropout(0.5)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        Dropout(50),
    }
}

fn main() {}
