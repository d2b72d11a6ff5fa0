//@ mend: [9, 4]
//@ to: [4, 9]

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [9, 4]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
