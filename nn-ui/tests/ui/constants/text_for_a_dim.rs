//@ mend: START: &str = "channels"
//@ to: START: u8 = 1

use nn::prelude::*;

const START: &str = "channels";

network! {
    pub struct Flat: [4, 6] -> [24] (Flatten(START));
}

fn main() {}
