//@ mend: SLOPE: f32
//@ to: SLOPE: f64

use nn::prelude::*;

const SLOPE: f32 = 0.2;

network! {
    pub struct Net: [4] -> [10] {
        fc: Linear(4, 10),
        LeakyReLU(SLOPE),
    }
}

fn main() {}
