//@ mend: Loss(12,
//@ to: Loss(16,

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(12, 12, [4, 9]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
