//@ mend: SLOPE: &str = "0.2"
//@ to: SLOPE: f32 = 0.2

use nn::prelude::*;

const SLOPE: &str = "0.2";

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        LeakyReLU(SLOPE),
    }
}

fn main() {}
