//@ mend: []),
//@ to: [6]),

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, []),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
