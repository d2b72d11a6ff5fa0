//@ mend: Act(WIDTH)
//@ to: Act(ReLU)

use nn::prelude::*;

const WIDTH: usize = 8;

block! { Act(act) { fc: Linear(WIDTH, 8), act: act } }

network! {
    pub struct Net: [8] -> [8] (Act(WIDTH));
}

fn main() {}
