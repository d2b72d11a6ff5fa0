//@ mend: div_value = 0
//@ to: div_value = 1

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [4, 9], div_value = 0),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
