//@ mend: [0, 4]
//@ to: [1, 4]

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [0, 4]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
