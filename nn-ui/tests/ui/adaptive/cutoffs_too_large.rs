//@ mend: , 12])
//@ to: ])

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [4, 12]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
