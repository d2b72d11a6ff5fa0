//@ mend: negative_slope = "0.2"
//@ to: negative_slope = 0.2

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        LeakyReLU(negative_slope = "0.2"),
    }
}

fn main() {}
