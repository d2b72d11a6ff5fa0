//@ mend: [2, 1, 1, 4, 4, 4, 4]
//@ to: [2, 1, 1, 4, 4, 16]

use nn::prelude::*;

network! {
    pub struct Volume: [2, 1, 1, 4, 4, 4, 4] {
        ReLU,
    }
}

fn main() {}
